"""A mail server for tests, on aiosmtpd: keeps what it takes, and misbehaves when told to.

mail_server.py FOLDER MODE TLS [USER PASSWORD]; TLS is none, starttls or tls, with FOLDER/mail.pem
as certificate and key. Prints its port. Each mail taken is FOLDER/N.eml: sender, recipients, the
user logged in and "yes" for TLS on a line each, then the mail.

MODE: accept; refuse_sender; refuse_recipients; refuse_recipient=ADDRESS; busy (451 after the mail);
too_large (552 after the mail); hang_greeting; hang_after_mail; trickle (a byte now and then, for
ever); die_in_mail; die_after_mail (it is kept, nothing is answered); refuse_starttls
"""

import asyncio
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, syntax

folder, mode, tls = sys.argv[1:4]
login = sys.argv[4:6]


class Keeping:
    count = 0

    async def handle_MAIL(self, server, session, envelope, address, options):
        if mode == "refuse_sender":
            return "553 this sender is not known here"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if mode == "refuse_recipients" or mode == "refuse_recipient=" + address:
            return "550 <b>no such user</b>"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def keep(self, session, envelope):
        Keeping.count += 1
        name = os.path.join(folder, "%d.eml" % Keeping.count)
        with open(name + ".tmp", "wb") as file:
            given = getattr(session, "given_login", None)
            user = given.login.decode() if given else ""
            secure = "yes" if session.ssl is not None or tls == "tls" else "no"
            for line in (envelope.mail_from, " ".join(envelope.rcpt_tos), user, secure):
                file.write(line.encode() + b"\r\n")
            file.write(envelope.original_content)
        os.rename(name + ".tmp", name)

    async def handle_DATA(self, server, session, envelope):
        if mode == "busy":
            return "451 try again later"
        if mode == "too_large":
            return "552 the mail is too large"
        if mode == "hang_after_mail":
            await asyncio.sleep(3600)
        self.keep(session, envelope)
        if mode == "die_after_mail":
            server.transport.abort()
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    session.given_login = data
    is_right = (data.login.decode(), data.password.decode()) == tuple(login)
    return AuthResult(success=is_right, handled=False)  # The answer is the library's.


class Server(SMTP):
    @syntax("STARTTLS")
    async def smtp_STARTTLS(self, arg):
        if mode == "refuse_starttls":
            await self.push("454 TLS is not available just now")
            return
        await super().smtp_STARTTLS(arg)

    @syntax("DATA")
    async def smtp_DATA(self, arg):
        if mode == "die_in_mail":
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class Silent(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        if mode == "trickle":
            self.trickle()

    def trickle(self):
        if not self.transport.is_closing():
            self.transport.write(b"2")
            asyncio.get_running_loop().call_later(0.1, self.trickle)


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(os.path.join(folder, "mail.pem"))
    return made


def protocol():
    if mode in ("hang_greeting", "trickle"):
        return Silent()
    options = {"hostname": "mail.example", "loop": asyncio.get_running_loop()}
    if login:
        options.update(authenticator=authenticate, auth_required=True,
                       auth_require_tls=tls == "starttls")
    if tls == "starttls":
        options.update(tls_context=context())
    return Server(Keeping(), **options)


async def serve():
    server = await asyncio.get_running_loop().create_server(
        protocol, "127.0.0.1", 0, ssl=context() if tls == "tls" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(serve())
