<?php
// The interface of the registrar in registrar.php: the documented functions and structs, but with
// part names nobody would guess, so that a call binds only by the position of its parameters.

declare(strict_types=1);

// Parts as "name:type". Types: string, int, Map, a struct; "Type[]" is a list.
const PARTS = [
    'sessionOpen' => 'compte:string motDePasse:string langue:string',
    'sessionClose' => 'jeton:string',
    'sessionSetPreference' => 'jeton:string cle:string valeur:string',
    'queryAllSessions' => 'jeton:string',
    'queryResellerAccount' => 'jeton:string',
    'contactCreate' => 'jeton:string personne:StructContact',
    'contactInfo' => 'jeton:string code:string',
    'contactOwnerUpdate' => 'jeton:string code:string personne:StructOwnerContact',
    'queryContactList' => 'jeton:string filtre:string champ:string',
    'domainCreate' => 'jeton:string nom:string titulaire:string adm:string tec:string fac:string '
        . 's1:string s2:string s3:string s4:string s5:string annees:int modele:int',
    'domainTransferIn' => 'jeton:string nom:string codeEpp:string titulaire:string adm:string '
        . 'tec:string fac:string s1:string s2:string s3:string s4:string s5:string',
    'domainTransferOwner' => 'jeton:string nom:string titulaire:string',
    'domainChangeDNS' => 'jeton:string nom:string s1:string s2:string s3:string s4:string s5:string',
    'domainAuthID' => 'jeton:string nom:string aQui:int',
    'domainZoneInit' => 'jeton:string nom:string modele:int',
    'queryZoneList' => 'jeton:string nom:string',
    'domainSetDNSsec' => 'jeton:string nom:string signe:int',
    'domainSetDNSSecExt' => 'jeton:string nom:string cles:StructDSRecord[] drapeaux:int protocole:int '
        . 'algorithme:int cle:string',
    'domainSetPreference' => 'jeton:string nom:string cle:string valeur:string',
    'domainInfo' => 'jeton:string nom:string',
    'queryDomainList' => 'jeton:string filtre:string',
    'domainTldInfo' => 'jeton:string extension:string',
    'queryDomainPrice' => 'jeton:string nom:string codeEpp:string',
    'queryOpeList' => 'jeton:string extension:string',
    'queryOpe' => 'jeton:string numero:int',
    'queryOpePending' => 'jeton:string',
    'cancelOpe' => 'jeton:string numero:int',
];

// What a function returns, "name:type"; all others return an operation.
const RESULTS = [
    'sessionOpen' => 'IDSession:string', 'sessionClose' => '', 'sessionSetPreference' => '',
    'cancelOpe' => '', 'queryAllSessions' => 'return:StructSessionInfo[]',
    'queryResellerAccount' => 'return:StructQueryResellerAccount', 'contactCreate' => 'idContact:string',
    'contactInfo' => 'contact:StructContactReturn',
    'queryContactList' => 'queryContactListReturn:StructContactList[]',
    'queryZoneList' => 'queryZoneListReturn:StructQueryZoneList[]',
    'domainInfo' => 'return:StructDomainInfo',
    'queryDomainList' => 'queryDomainListReturn:StructQueryDomainList[]',
    'domainTldInfo' => 'return:StructDomainTldInfo',
    'queryDomainPrice' => 'queryDomainPriceReturn:StructQueryDomainPrice',
    'queryOpeList' => 'return:StructQueryOpeList',
    'queryOpePending' => 'return:StructQueryOpePending[]',
];
const OPERATION = 'return:StructOperationResponse';

const NAMES = 'firstName:string lastName:string bodyForm:string bodyName:string';
const PERSON = 'address1:string address2:string zipCode:string area:string city:string country:string '
    . 'phone:string fax:string email:string language:string isOwner:int tmName:string tmDate:string '
    . 'tmNumber:string tmType:string companyNumber:string vatNumber:string birthDate:string '
    . 'birthZipCode:string birthCity:string birthCountry:string idNumber:string additional:Map';
const FEES = 'FeeCurrency:string Fee4Registration:string Fee4Renewal:string Fee4Transfer:string '
    . 'Fee4Trade:string Fee4Restore:string Fee4TrusteeService:string Fee4LocalContactService:string';

const STRUCTS = [
    'StructContact' => NAMES . ' ' . PERSON,
    'StructOwnerContact' => PERSON,
    'StructContactReturn' => 'idContact:string ' . NAMES . ' ' . PERSON,
    'StructContactList' => 'idContact:string ' . NAMES . ' isOwner:int',
    'StructDSRecord' => 'key:int type:int digest:string',
    'StructSessionInfo' => 'IDSession:string timeLogin:int timeLastActivity:int lang:string sync:int',
    'StructQueryResellerAccount' => 'BALANCE_AMOUNT:string DEFAULT_ADMIN:string DEFAULT_TECH:string '
        . 'DEFAULT_BILLING:string DEFAULT_DNS_1:string DEFAULT_DNS_2:string DEFAULT_DNS_TEMPLATE:Map '
        . 'PREMIUM_PROCESSING:string',
    'StructQueryZoneList' => 'subdomain:string type:string value:string',
    'StructDomainInfo' => 'domain:string dateCreate:string dateExpiration:string status:string '
        . 'idOwner:string idAdmin:string idTech:string idBilling:string domainIsLock:int '
        . 'whoisPrivacy:int autoRenew:int ns:string[] authID:string IsSigned:int HasDNS4Service:int '
        . 'DNSSEC:Map',
    'StructQueryDomainList' => 'domain:string dateCreate:string dateExpiration:string',
    'StructDomainTldInfo' => 'Tld:string Country:string PeriodCreate:string PeriodRenew:string '
        . 'HasEppCode:int HasRegistrarLock:int HasAutorenew:int HasWhoisPrivacy:int '
        . 'HasMultipleCheck:int HasImmediateDelete:int HasTrusteeService:int '
        . 'HasLocalContactService:int HasZonecheck:int HasDnsSec:int ' . FEES,
    'StructQueryDomainPrice' => FEES . ' IsPremium:int',
    'StructQueryOpeList' => 'domainAuthid:int domainChangeDNS:int domainCreate:int domainSetDNSSEC:int '
        . 'domainSetDNSSECExt:int domainSetPreference:int domainSetPreference.auto_renew:int '
        . 'domainSetPreference.registrar_lock:int domainSetPreference.whois_privacy:int '
        . 'domainTransferIn:int domainTransferOwner:int domainZoneInit:int contactOwnerUpdate:int',
    'StructQueryOpePending' => 'id_ope:string code_ope:string data_ope:string date_ope:string',
    'StructOperationResponse' => 'ID_OPE:int STATUS:string MESSAGE:string TYPE:string DATE:string',
];

function xml_type(string $type): string
{
    if (str_ends_with($type, '[]')) {
        return 'tns:Array' . ucfirst(substr($type, 0, -2));
    }
    return match ($type) {
        'string', 'int' => "xsd:$type",
        'Map' => 'apache:Map',
        default => "tns:$type",
    };
}

// "a:int b:string" as elements made by the pattern, with the name and the XML type put in.
function each_part(string $parts, string $pattern): string
{
    $xml = '';
    foreach (array_filter(explode(' ', $parts)) as $part) {
        [$name, $type] = explode(':', $part);
        $xml .= sprintf($pattern, $name, xml_type($type));
    }
    return $xml;
}

function wsdl(string $address): string
{
    $encoding = 'http://schemas.xmlsoap.org/soap/encoding/';
    $types = "<xsd:import namespace=\"$encoding\"/>\n";
    foreach (STRUCTS as $name => $members) {
        $types .= "<xsd:complexType name=\"$name\"><xsd:all>"
            . each_part($members, '<xsd:element name="%s" type="%s" minOccurs="0" nillable="true"/>')
            . "</xsd:all></xsd:complexType>\n";
    }
    foreach (['string', ...array_keys(STRUCTS)] as $item) {
        $types .= '<xsd:complexType name="Array' . ucfirst($item) . '"><xsd:complexContent>'
            . '<xsd:restriction base="SOAP-ENC:Array"><xsd:attribute ref="SOAP-ENC:arrayType" '
            . 'wsdl:arrayType="' . xml_type($item) . '[]"/></xsd:restriction></xsd:complexContent>'
            . "</xsd:complexType>\n";
    }
    $messages = $operations = $bindings = '';
    $body = "<soap:body use=\"encoded\" namespace=\"urn:DRS\" encodingStyle=\"$encoding\"/>";
    foreach (PARTS as $name => $parts) {
        $part = '<part name="%s" type="%s"/>';
        $messages .= "<message name=\"{$name}In\">" . each_part($parts, $part) . "</message>\n"
            . "<message name=\"{$name}Out\">" . each_part(RESULTS[$name] ?? OPERATION, $part)
            . "</message>\n";
        $operations .= "<operation name=\"$name\"><input message=\"tns:{$name}In\"/>"
            . "<output message=\"tns:{$name}Out\"/></operation>\n";
        $bindings .= "<operation name=\"$name\"><soap:operation soapAction=\"{$name}Action\"/>"
            . "<input>$body</input><output>$body</output></operation>\n";
    }
    return <<<XML
        <?xml version="1.0" encoding="UTF-8"?>
        <definitions name="DRS" targetNamespace="urn:DRS" xmlns="http://schemas.xmlsoap.org/wsdl/"
            xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:tns="urn:DRS"
            xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:SOAP-ENC="$encoding"
            xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:apache="http://xml.apache.org/xml-soap">
        <types><xsd:schema targetNamespace="urn:DRS">
        $types</xsd:schema></types>
        $messages<portType name="DRSPort">
        $operations</portType>
        <binding name="DRSBinding" type="tns:DRSPort">
        <soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
        $bindings</binding>
        <service name="DRSService"><port name="DRSPort" binding="tns:DRSBinding">
        <soap:address location="$address"/></port></service>
        </definitions>

        XML;
}
