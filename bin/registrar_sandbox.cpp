// NAME         registrar-sandbox: a registrar on loopback, to rehearse without money
// X
