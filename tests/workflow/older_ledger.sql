PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE schema_versions (version BIGINT NOT NULL PRIMARY KEY, what TEXT NOT NULL);
INSERT INTO schema_versions VALUES(1,'the first');
INSERT INTO schema_versions VALUES(2,'reports, and the events each of them took');
INSERT INTO schema_versions VALUES(3,'the hold of all sending, what makes a row an earlier order, unproven answers');
CREATE TABLE stamp (
        ledger_id TEXT NOT NULL,
        endpoint_host TEXT NOT NULL,
        reseller_id TEXT NOT NULL,
        created_at TEXT NOT NULL,
        is_copy BIGINT NOT NULL DEFAULT 0 CHECK (is_copy IN (0, 1)));
INSERT INTO stamp VALUES('18bdb3a00661c500e4640584d7e0236e','api.example.net','AB123','2026-11-24T02:00:00.000Z',1);
CREATE TABLE runs (
        run_id INTEGER PRIMARY KEY AUTOINCREMENT,
        program TEXT NOT NULL,
        sends BIGINT NOT NULL CHECK (sends IN (0, 1)),
        begun_at TEXT NOT NULL,
        boot_id TEXT NOT NULL,
        since_boot BIGINT NOT NULL,
        ended_at TEXT,
        died BIGINT NOT NULL DEFAULT 0 CHECK (died IN (0, 1)));
INSERT INTO runs VALUES(1,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.265Z',0);
INSERT INTO runs VALUES(2,'test-submit',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.271Z',0);
INSERT INTO runs VALUES(3,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.272Z',0);
INSERT INTO runs VALUES(4,'test-submit',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.274Z',0);
INSERT INTO runs VALUES(5,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.275Z',0);
INSERT INTO runs VALUES(6,'test-submit',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.277Z',0);
INSERT INTO runs VALUES(7,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.277Z',0);
INSERT INTO runs VALUES(8,'test-submit',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.280Z',0);
INSERT INTO runs VALUES(9,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.281Z',0);
INSERT INTO runs VALUES(10,'test-submit',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.283Z',0);
INSERT INTO runs VALUES(11,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.283Z',0);
INSERT INTO runs VALUES(12,'test-submit',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.285Z',0);
INSERT INTO runs VALUES(13,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.286Z',0);
INSERT INTO runs VALUES(14,'test-submit',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.288Z',0);
INSERT INTO runs VALUES(15,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.289Z',0);
INSERT INTO runs VALUES(16,'test-submit',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.291Z',0);
INSERT INTO runs VALUES(17,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.291Z',0);
INSERT INTO runs VALUES(18,'test-submit',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.295Z',0);
INSERT INTO runs VALUES(19,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.295Z',0);
INSERT INTO runs VALUES(20,'test-submit',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.297Z',0);
INSERT INTO runs VALUES(21,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.297Z',0);
INSERT INTO runs VALUES(22,'test-decision',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.298Z',0);
INSERT INTO runs VALUES(23,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.299Z',0);
INSERT INTO runs VALUES(24,'test-decision',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.300Z',0);
INSERT INTO runs VALUES(25,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.301Z',0);
INSERT INTO runs VALUES(26,'test-submit',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.304Z',0);
INSERT INTO runs VALUES(27,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.305Z',0);
INSERT INTO runs VALUES(28,'test-submit',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.309Z',0);
INSERT INTO runs VALUES(29,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.310Z',0);
INSERT INTO runs VALUES(30,'test-submit',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.313Z',0);
INSERT INTO runs VALUES(31,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.314Z',0);
INSERT INTO runs VALUES(32,'test-submit',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.317Z',0);
INSERT INTO runs VALUES(33,'test-intake',0,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.319Z',0);
INSERT INTO runs VALUES(34,'test-submit',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.321Z',0);
INSERT INTO runs VALUES(35,'test-decision',1,'2026-11-24T02:00:00.000Z','boot-1',3600000,'2026-12-01T13:51:25.322Z',0);
INSERT INTO runs VALUES(36,'test-pass',1,'2026-11-24T02:11:00.000Z','boot-1',4260000,'2026-12-01T13:51:25.330Z',0);
INSERT INTO runs VALUES(37,'test-pass',1,'2026-11-24T02:22:00.000Z','boot-1',4920000,'2026-12-01T13:51:25.332Z',0);
INSERT INTO runs VALUES(38,'test-pass',1,'2026-11-24T02:33:00.000Z','boot-1',5580000,'2026-12-01T13:51:25.333Z',0);
INSERT INTO runs VALUES(39,'test-pass',1,'2026-11-24T02:44:00.000Z','boot-1',6240000,'2026-12-01T13:51:25.335Z',0);
INSERT INTO runs VALUES(40,'test-pass',1,'2026-11-24T02:55:00.000Z','boot-1',6900000,'2026-12-01T13:51:25.336Z',0);
INSERT INTO runs VALUES(41,'test-pass',1,'2026-11-24T03:06:00.000Z','boot-1',7560000,'2026-12-01T13:51:25.338Z',0);
INSERT INTO runs VALUES(42,'test-pass',1,'2026-11-24T03:17:00.000Z','boot-1',8220000,'2026-12-01T13:51:25.339Z',0);
INSERT INTO runs VALUES(43,'test-pass',1,'2026-11-24T03:28:00.000Z','boot-1',8880000,'2026-12-01T13:51:25.341Z',0);
INSERT INTO runs VALUES(44,'test-intake',0,'2026-11-24T03:28:00.000Z','boot-1',8880000,'2026-12-01T13:51:25.341Z',0);
INSERT INTO runs VALUES(45,'test-submit',1,'2026-11-24T03:28:00.000Z','boot-1',8880000,'2026-12-01T13:51:25.344Z',0);
INSERT INTO runs VALUES(46,'test-intake',0,'2026-11-24T03:28:00.000Z','boot-1',8880000,'2026-12-01T13:51:25.345Z',0);
INSERT INTO runs VALUES(47,'test-submit',1,'2026-11-24T03:28:00.000Z','boot-1',8880000,'2026-12-01T13:51:25.348Z',0);
INSERT INTO runs VALUES(48,'test-intake',0,'2026-11-24T03:28:00.000Z','boot-1',8880000,'2026-12-01T13:51:25.349Z',0);
INSERT INTO runs VALUES(49,'test-submit',1,'2026-11-24T03:28:00.000Z','boot-1',8880000,'2026-12-01T13:51:25.351Z',0);
CREATE TABLE spending (
        day TEXT NOT NULL PRIMARY KEY,
        cents BIGINT NOT NULL CHECK (cents >= 0));
INSERT INTO spending VALUES('2026-11-24',12000);
CREATE TABLE batches (
        batch_id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        run_id BIGINT NOT NULL REFERENCES runs(run_id),
        taken_at TEXT NOT NULL,
        complete BIGINT NOT NULL DEFAULT 0 CHECK (complete IN (0, 1)),
        row_count BIGINT NOT NULL DEFAULT 0,
        columns TEXT NOT NULL DEFAULT '',
        result_due BIGINT NOT NULL DEFAULT 0 CHECK (result_due IN (0, 1)), states_count BIGINT NOT NULL DEFAULT 0 CHECK (states_count IN (0, 1)));
INSERT INTO batches VALUES(1,'orders.csv','file 1',1,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),1,0);
INSERT INTO batches VALUES(2,'orders.csv','file 2',3,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),1,0);
INSERT INTO batches VALUES(3,'orders.csv','file 3',5,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),0,0);
INSERT INTO batches VALUES(4,'orders.csv','file 4',7,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),1,0);
INSERT INTO batches VALUES(5,'orders.csv','file 5',9,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),0,0);
INSERT INTO batches VALUES(6,'orders.csv','file 6',11,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),0,0);
INSERT INTO batches VALUES(7,'orders.csv','file 7',13,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),1,0);
INSERT INTO batches VALUES(8,'orders.csv','file 8',15,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),0,0);
INSERT INTO batches VALUES(9,'orders.csv','file 9',17,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),1,0);
INSERT INTO batches VALUES(10,'orders.csv','file 10',19,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),0,0);
INSERT INTO batches VALUES(11,'orders.csv','file 11',21,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),0,0);
INSERT INTO batches VALUES(12,'orders.csv','file 12',23,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),1,0);
INSERT INTO batches VALUES(13,'orders.csv','file 13',25,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),0,0);
INSERT INTO batches VALUES(14,'orders.csv','file 14',27,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),0,0);
INSERT INTO batches VALUES(15,'orders.csv','file 15',29,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),0,0);
INSERT INTO batches VALUES(16,'orders.csv','file 16',31,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),0,0);
INSERT INTO batches VALUES(17,'orders.csv','file 17',33,'2026-11-24T02:00:00.000Z',1,1,replace('domain\n','\n',char(10)),1,0);
INSERT INTO batches VALUES(18,'orders.csv','file 18',44,'2026-11-24T03:28:00.000Z',1,1,replace('domain\n','\n',char(10)),0,0);
INSERT INTO batches VALUES(19,'orders.csv','file 19',46,'2026-11-24T03:28:00.000Z',1,1,replace('domain\n','\n',char(10)),0,0);
INSERT INTO batches VALUES(20,'orders.csv','file 20',48,'2026-11-24T03:28:00.000Z',1,1,replace('domain\n','\n',char(10)),0,0);
CREATE TABLE orders (
        order_id INTEGER PRIMARY KEY AUTOINCREMENT,
        batch_id BIGINT NOT NULL REFERENCES batches(batch_id),
        line BIGINT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('register', 'transfer', 'trade', 'nameservers')),
        domain TEXT NOT NULL,
        reference TEXT NOT NULL,
        fields TEXT NOT NULL,
        auth_code TEXT,
        state TEXT NOT NULL CHECK (state IN ('accepted', 'in_progress', 'waiting', 'in_doubt',
            'held', 'done', 'done_open_ends', 'skipped', 'failed', 'cancelled')),
        reason TEXT NOT NULL DEFAULT '',
        keeps_domain BIGINT NOT NULL DEFAULT 0 CHECK (keeps_domain IN (0, 1)),
        operation_id BIGINT,
        code TEXT NOT NULL DEFAULT '',
        message TEXT NOT NULL DEFAULT '',
        price_cents BIGINT,
        price_currency TEXT,
        postponed_runs BIGINT NOT NULL DEFAULT 0,
        postponed_by BIGINT,
        instead_of BIGINT REFERENCES orders(order_id),
        accepted_at TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        ended_at TEXT,
        claimed_by BIGINT REFERENCES runs(run_id),
        claim_number BIGINT NOT NULL DEFAULT 0, resembles BIGINT REFERENCES orders(order_id),
        CHECK ((ended_at IS NOT NULL) =
            (state IN ('done', 'done_open_ends', 'skipped', 'failed', 'cancelled'))),
        CHECK (keeps_domain = 0 OR ended_at IS NULL),
        UNIQUE (batch_id, line));
INSERT INTO orders VALUES(1,1,2,'register','done.com','',replace('domain=done.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),NULL,'done','',0,5000,'','',1000,'EUR',0,NULL,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,1,NULL);
INSERT INTO orders VALUES(2,2,2,'register','refused.com','',replace('domain=refused.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),NULL,'failed','domainCreate was refused: E11-M1101: refused',0,NULL,'E11-M1101','refused',1000,'EUR',0,NULL,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,1,NULL);
INSERT INTO orders VALUES(3,3,2,'register','wait.com','',replace('domain=wait.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),NULL,'waiting','domainCreate is pending as operation 5002',1,5002,'','',1000,'EUR',0,NULL,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,NULL,1,NULL);
INSERT INTO orders VALUES(4,4,2,'register','differs.com','',replace('domain=differs.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),NULL,'done_open_ends','differs in tech: ordered ''AB123'', is ''AT9''',0,5003,'','',1000,'EUR',0,NULL,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,1,NULL);
INSERT INTO orders VALUES(5,5,2,'register','wait-held.com','',replace('domain=wait-held.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),NULL,'held','paused by ada; `domain-orders release 5` lets it go on',1,5005,'','',1000,'EUR',0,NULL,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,NULL,2,NULL);
INSERT INTO orders VALUES(6,6,2,'register','wait-lost.com','',replace('domain=wait-lost.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),NULL,'held','queryOpe gives no answer about operation 5006 (no; the domain is not in the account)',1,5006,'','',1000,'EUR',0,NULL,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T02:33:00.000Z',NULL,NULL,7,NULL);
INSERT INTO orders VALUES(7,7,2,'register','id-unknown.com','',replace('domain=id-unknown.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),NULL,'done','done, id unknown: domainInfo shows status ''ACTIVE, DELEGATED'', owner AE1',0,NULL,'','',1000,'EUR',0,NULL,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T02:11:00.000Z','2026-11-24T02:11:00.000Z',NULL,2,NULL);
INSERT INTO orders VALUES(8,8,2,'register','adopted.com','',replace('domain=adopted.com\nowner=AE1\nyears=1\n','\n',char(10)),NULL,'waiting','domainCreate is pending as operation 5007',1,5007,'','',1000,'EUR',0,NULL,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T02:11:00.000Z',NULL,NULL,2,NULL);
INSERT INTO orders VALUES(9,9,2,'register','inline.com','',replace('domain=inline.com\nowner.address1=1 Main Street\nowner.bodyForm=IND\nowner.city=Paris\nowner.country=FR\nowner.email=ada@example.com\nowner.firstName=Ada\nowner.language=EN\nowner.lastName=Example\nowner.phone=+33 123456789\nowner.zipCode=75001\nyears=1\n','\n',char(10)),NULL,'done','',0,5008,'','',1000,'EUR',0,NULL,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,1,NULL);
INSERT INTO orders VALUES(10,10,2,'register','blocked.com','',replace('domain=blocked.com\nowner=AE1\nyears=1\n','\n',char(10)),NULL,'held','operation 4000 (domainRenew) is pending for the domain at the registrar',0,NULL,'','',NULL,NULL,3,28,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,NULL,3,NULL);
INSERT INTO orders VALUES(11,11,2,'register','held.com','',replace('domain=held.com\nowner=AE1\nyears=1\n','\n',char(10)),NULL,'held','paused by ada: not yet; `domain-orders release 11` lets it go on',0,NULL,'','',NULL,NULL,0,NULL,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,NULL,1,NULL);
INSERT INTO orders VALUES(12,12,2,'register','cancelled.com','',replace('domain=cancelled.com\nowner=AE1\nyears=1\n','\n',char(10)),NULL,'cancelled','cancelled by ada before it was sent',0,NULL,'','',NULL,NULL,0,NULL,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,1,NULL);
INSERT INTO orders VALUES(13,13,2,'transfer','moves.com','',replace('auth_code=(kept)\ndomain=moves.com\nnameservers=ns1.example.net ns2.example.net\nowner=AE1\n','\n',char(10)),'x1','waiting','domainTransferIn is pending as operation 5009',1,5009,'','',1000,'EUR',0,NULL,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,NULL,1,NULL);
INSERT INTO orders VALUES(14,14,2,'trade','traded.com','',replace('domain=traded.com\nowner=AE2\n','\n',char(10)),NULL,'waiting','domainTransferOwner is pending as operation 5010',1,5010,'','',0,'EUR',0,NULL,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,NULL,1,NULL);
INSERT INTO orders VALUES(15,15,2,'nameservers','signed.com','',replace('dnssec=off\ndomain=signed.com\nnameservers=ns1.example.org ns2.example.org\n','\n',char(10)),NULL,'in_progress','DNSSEC is off; the parent still shows a DS of the domain',1,NULL,'','',NULL,NULL,0,49,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T03:28:00.000Z',NULL,NULL,15,NULL);
INSERT INTO orders VALUES(16,16,2,'nameservers','served.com','',replace('dnssec=off\ndomain=served.com\nnameservers=ns1.example.org ns2.example.org\n','\n',char(10)),NULL,'accepted','DNSSEC is off; the parent still shows a DS of the domain',0,NULL,'','',NULL,NULL,0,49,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T03:28:00.000Z',NULL,NULL,7,NULL);
INSERT INTO orders VALUES(17,17,2,'nameservers','same.com','',replace('domain=same.com\nnameservers=ns1.example.net ns2.example.net\n','\n',char(10)),NULL,'skipped','is so already',0,NULL,'','',NULL,NULL,0,NULL,NULL,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,1,NULL);
INSERT INTO orders VALUES(18,18,2,'register','doubt.com','',replace('domain=doubt.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),NULL,'in_doubt','domainCreate was sent and its answer is not known: cut',1,NULL,'','',1000,'EUR',0,NULL,NULL,'2026-11-24T03:28:00.000Z','2026-11-24T03:28:00.000Z',NULL,NULL,1,NULL);
INSERT INTO orders VALUES(19,19,2,'register','retried.com','',replace('domain=retried.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),NULL,'in_progress','domainSetPreference was refused and is tried again: E11-M1101: not now',0,5013,'E11-M1101','not now',1000,'EUR',0,NULL,NULL,'2026-11-24T03:28:00.000Z','2026-11-24T03:28:00.000Z',NULL,NULL,1,NULL);
INSERT INTO orders VALUES(20,20,2,'register','unread.com','',replace('domain=unread.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),NULL,'in_progress','',1,5014,'','',1000,'EUR',0,NULL,NULL,'2026-11-24T03:28:00.000Z','2026-11-24T03:28:00.000Z',NULL,NULL,1,NULL);
CREATE TABLE batch_rows (
        batch_id BIGINT NOT NULL REFERENCES batches(batch_id),
        line BIGINT NOT NULL,
        kind TEXT NOT NULL,
        domain TEXT NOT NULL,
        reference TEXT NOT NULL,
        given TEXT NOT NULL,
        normalised TEXT NOT NULL,
        auth_code TEXT,
        verdict TEXT NOT NULL CHECK (verdict IN ('good', 'refused', 'skipped')),
        problems TEXT NOT NULL DEFAULT '',
        earlier_order BIGINT REFERENCES orders(order_id),
        instead_of BIGINT REFERENCES orders(order_id), named_order BIGINT, named_ledger TEXT NOT NULL DEFAULT '', same_by TEXT CHECK (same_by IN ('number', 'reference', 'file', 'likeness')), resembles BIGINT REFERENCES orders(order_id),
        PRIMARY KEY (batch_id, line));
INSERT INTO batch_rows VALUES(1,2,'register','done.com','',replace('domain=done.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(2,2,'register','refused.com','',replace('domain=refused.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(3,2,'register','wait.com','',replace('domain=wait.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(4,2,'register','differs.com','',replace('domain=differs.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(5,2,'register','wait-held.com','',replace('domain=wait-held.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(6,2,'register','wait-lost.com','',replace('domain=wait-lost.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(7,2,'register','id-unknown.com','',replace('domain=id-unknown.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(8,2,'register','adopted.com','',replace('domain=adopted.com\nowner=AE1\nyears=1\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(9,2,'register','inline.com','',replace('domain=inline.com\nowner.address1=1 Main Street\nowner.bodyForm=IND\nowner.city=Paris\nowner.country=FR\nowner.email=ada@example.com\nowner.firstName=Ada\nowner.language=EN\nowner.lastName=Example\nowner.phone=+33 123456789\nowner.zipCode=75001\nyears=1\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(10,2,'register','blocked.com','',replace('domain=blocked.com\nowner=AE1\nyears=1\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(11,2,'register','held.com','',replace('domain=held.com\nowner=AE1\nyears=1\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(12,2,'register','cancelled.com','',replace('domain=cancelled.com\nowner=AE1\nyears=1\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(13,2,'transfer','moves.com','',replace('domain=moves.com\nnameservers=ns1.example.net ns2.example.net\nowner=AE1\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(14,2,'trade','traded.com','',replace('domain=traded.com\nowner=AE2\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(15,2,'nameservers','signed.com','',replace('dnssec=off\ndomain=signed.com\nnameservers=ns1.example.org ns2.example.org\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(16,2,'nameservers','served.com','',replace('dnssec=off\ndomain=served.com\nnameservers=ns1.example.org ns2.example.org\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(17,2,'nameservers','same.com','',replace('dnssec=\ndomain=same.com\nnameservers=ns1.example.net ns2.example.net\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(18,2,'register','doubt.com','',replace('domain=doubt.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(19,2,'register','retried.com','',replace('domain=retried.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO batch_rows VALUES(20,2,'register','unread.com','',replace('domain=unread.com\nlock=on\nowner=AE1\nyears=1\n','\n',char(10)),'',NULL,'good','',NULL,NULL,NULL,'',NULL,NULL);
CREATE TABLE steps (
        order_id BIGINT NOT NULL REFERENCES orders(order_id),
        position BIGINT NOT NULL CHECK (position > 0),
        phase TEXT NOT NULL CHECK (phase IN ('before', 'main', 'after')),
        function TEXT NOT NULL,
        arguments TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('planned', 'waiting', 'in_doubt', 'done', 'failed',
            'open_end', 'skipped')),
        result TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT '',
        tries BIGINT NOT NULL DEFAULT 0,
        due_at TEXT,
        operation_id BIGINT,
        PRIMARY KEY (order_id, position));
INSERT INTO steps VALUES(1,1,'main','domainCreate',replace('admin=AB123\nbilling=AB123\nns1=ns1.example.net\nns2=ns2.example.net\nowner=AE1\ntech=AB123\nyears=1\n','\n',char(10)),'done','','',1,NULL,5000);
INSERT INTO steps VALUES(1,2,'after','readBack','','done','','',0,NULL,NULL);
INSERT INTO steps VALUES(1,3,'after','domainSetPreference',replace('code=registrar_lock\nvalue=1\n','\n',char(10)),'done','','',1,NULL,5001);
INSERT INTO steps VALUES(2,1,'main','domainCreate',replace('admin=AB123\nbilling=AB123\nns1=ns1.example.net\nns2=ns2.example.net\nowner=AE1\ntech=AB123\nyears=1\n','\n',char(10)),'failed','','E11-M1101: refused',1,NULL,NULL);
INSERT INTO steps VALUES(2,2,'after','readBack','','planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(2,3,'after','domainSetPreference',replace('code=registrar_lock\nvalue=1\n','\n',char(10)),'planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(3,1,'main','domainCreate',replace('admin=AB123\nbilling=AB123\nns1=ns1.example.net\nns2=ns2.example.net\nowner=AE1\ntech=AB123\nyears=1\n','\n',char(10)),'waiting','','',1,NULL,5002);
INSERT INTO steps VALUES(3,2,'after','readBack','','planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(3,3,'after','domainSetPreference',replace('code=registrar_lock\nvalue=1\n','\n',char(10)),'planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(4,1,'main','domainCreate',replace('admin=AB123\nbilling=AB123\nns1=ns1.example.net\nns2=ns2.example.net\nowner=AE1\ntech=AB123\nyears=1\n','\n',char(10)),'done','','',1,NULL,5003);
INSERT INTO steps VALUES(4,2,'after','readBack','','open_end','tech','tech: ordered ''AB123'', is ''AT9''',0,NULL,NULL);
INSERT INTO steps VALUES(4,3,'after','domainSetPreference',replace('code=registrar_lock\nvalue=1\n','\n',char(10)),'done','','',1,NULL,5004);
INSERT INTO steps VALUES(5,1,'main','domainCreate',replace('admin=AB123\nbilling=AB123\nns1=ns1.example.net\nns2=ns2.example.net\nowner=AE1\ntech=AB123\nyears=1\n','\n',char(10)),'waiting','','',1,NULL,5005);
INSERT INTO steps VALUES(5,2,'after','readBack','','planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(5,3,'after','domainSetPreference',replace('code=registrar_lock\nvalue=1\n','\n',char(10)),'planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(6,1,'main','domainCreate',replace('admin=AB123\nbilling=AB123\nns1=ns1.example.net\nns2=ns2.example.net\nowner=AE1\ntech=AB123\nyears=1\n','\n',char(10)),'waiting','','',1,NULL,5006);
INSERT INTO steps VALUES(6,2,'after','readBack','','planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(6,3,'after','domainSetPreference',replace('code=registrar_lock\nvalue=1\n','\n',char(10)),'planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(7,1,'main','domainCreate',replace('admin=AB123\nbilling=AB123\nns1=ns1.example.net\nns2=ns2.example.net\nowner=AE1\ntech=AB123\nyears=1\n','\n',char(10)),'done','','done, id unknown: domainInfo shows status ''ACTIVE, DELEGATED'', owner AE1',1,NULL,NULL);
INSERT INTO steps VALUES(7,2,'after','readBack','','done','','',0,NULL,NULL);
INSERT INTO steps VALUES(7,3,'after','domainSetPreference',replace('code=registrar_lock\nvalue=1\n','\n',char(10)),'done','','',1,NULL,5012);
INSERT INTO steps VALUES(8,1,'main','domainCreate',replace('admin=AB123\nbilling=AB123\nns1=ns1.example.net\nns2=ns2.example.net\nowner=AE1\ntech=AB123\nyears=1\n','\n',char(10)),'waiting','','adopted operation 5007',1,NULL,5007);
INSERT INTO steps VALUES(8,2,'after','readBack','','planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(9,1,'before','contactCreate',replace('address1=1 Main Street\nbodyForm=IND\ncity=Paris\ncountry=FR\nemail=ada@example.com\nfirstName=Ada\nisOwner=1\nlanguage=EN\nlastName=Example\nphone=+33 123456789\nzipCode=75001\n','\n',char(10)),'done','AE1','',1,NULL,NULL);
INSERT INTO steps VALUES(9,2,'main','domainCreate',replace('admin=AB123\nbilling=AB123\nns1=ns1.example.net\nns2=ns2.example.net\nowner=step:1\ntech=AB123\nyears=1\n','\n',char(10)),'done','','',1,NULL,5008);
INSERT INTO steps VALUES(9,3,'after','readBack','','done','','',0,NULL,NULL);
INSERT INTO steps VALUES(13,1,'main','domainTransferIn',replace('admin=AB123\nbilling=AB123\nns1=ns1.example.net\nns2=ns2.example.net\nowner=AE1\ntech=AB123\n','\n',char(10)),'waiting','','',1,NULL,5009);
INSERT INTO steps VALUES(13,2,'after','readBack','','planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(13,3,'after','domainAuthID',replace('to_registrant=0\n','\n',char(10)),'planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(14,1,'main','domainTransferOwner',replace('owner=AE2\n','\n',char(10)),'waiting','','',1,NULL,5010);
INSERT INTO steps VALUES(14,2,'after','readBack','','planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(15,1,'before','readParentDs','','done','3600','the parent shows a DS',0,NULL,NULL);
INSERT INTO steps VALUES(15,2,'before','domainSetDNSsec',replace('value=0\n','\n',char(10)),'done','','',1,NULL,5011);
INSERT INTO steps VALUES(15,3,'before','awaitNoDs',replace('ttl=step:1\n','\n',char(10)),'planned','3600','waits for the parent since 2026-11-24T02:00:00.000Z',0,'2026-11-24T03:38:00.000Z',NULL);
INSERT INTO steps VALUES(15,4,'main','domainChangeDNS',replace('ns1=ns1.example.org\nns2=ns2.example.org\n','\n',char(10)),'planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(15,5,'after','readBack','','planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(16,1,'before','readParentDs','','done','3600','the parent shows a DS',0,NULL,NULL);
INSERT INTO steps VALUES(16,2,'before','domainSetDNSsec',replace('value=0\n','\n',char(10)),'skipped','','is so already',0,NULL,NULL);
INSERT INTO steps VALUES(16,3,'before','awaitNoDs',replace('ttl=step:1\n','\n',char(10)),'planned','3600','waits for the parent since 2026-11-24T02:00:00.000Z',0,'2026-11-24T03:38:00.000Z',NULL);
INSERT INTO steps VALUES(16,4,'main','domainChangeDNS',replace('ns1=ns1.example.org\nns2=ns2.example.org\n','\n',char(10)),'planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(16,5,'after','readBack','','planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(17,1,'main','domainChangeDNS',replace('ns1=ns1.example.net\nns2=ns2.example.net\n','\n',char(10)),'skipped','','is so already',0,NULL,NULL);
INSERT INTO steps VALUES(17,2,'after','readBack','','planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(18,1,'main','domainCreate',replace('admin=AB123\nbilling=AB123\nns1=ns1.example.net\nns2=ns2.example.net\nowner=AE1\ntech=AB123\nyears=1\n','\n',char(10)),'in_doubt','','cut',1,NULL,NULL);
INSERT INTO steps VALUES(18,2,'after','readBack','','planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(18,3,'after','domainSetPreference',replace('code=registrar_lock\nvalue=1\n','\n',char(10)),'planned','','',0,NULL,NULL);
INSERT INTO steps VALUES(19,1,'main','domainCreate',replace('admin=AB123\nbilling=AB123\nns1=ns1.example.net\nns2=ns2.example.net\nowner=AE1\ntech=AB123\nyears=1\n','\n',char(10)),'done','','',1,NULL,5013);
INSERT INTO steps VALUES(19,2,'after','readBack','','done','','',0,NULL,NULL);
INSERT INTO steps VALUES(19,3,'after','domainSetPreference',replace('code=registrar_lock\nvalue=1\n','\n',char(10)),'planned','','E11-M1101: not now',1,'2026-11-24T03:38:00.000Z',NULL);
INSERT INTO steps VALUES(20,1,'main','domainCreate',replace('admin=AB123\nbilling=AB123\nns1=ns1.example.net\nns2=ns2.example.net\nowner=AE1\ntech=AB123\nyears=1\n','\n',char(10)),'done','','',1,NULL,5014);
INSERT INTO steps VALUES(20,2,'after','readBack','','planned','','could not be read back: HTTP 502',0,'2026-11-24T03:38:00.000Z',NULL);
INSERT INTO steps VALUES(20,3,'after','domainSetPreference',replace('code=registrar_lock\nvalue=1\n','\n',char(10)),'done','','',1,NULL,5015);
CREATE TABLE attempts (
        attempt_id INTEGER PRIMARY KEY AUTOINCREMENT,
        order_id BIGINT NOT NULL,
        position BIGINT NOT NULL,
        run_id BIGINT NOT NULL REFERENCES runs(run_id),
        begun_at TEXT NOT NULL,
        begun_boot TEXT NOT NULL,
        begun_since_boot BIGINT NOT NULL,
        picture TEXT NOT NULL,
        reserved_cents BIGINT NOT NULL DEFAULT 0,
        outcome TEXT CHECK (outcome IN ('done', 'pending', 'refused', 'try_later', 'in_doubt')),
        operation_id BIGINT,
        status TEXT NOT NULL DEFAULT '',
        code TEXT NOT NULL DEFAULT '',
        text TEXT NOT NULL DEFAULT '',
        ended_at TEXT,
        ended_boot TEXT,
        ended_since_boot BIGINT,
        settled_as TEXT CHECK (settled_as IN ('done', 'pending', 'refused', 'try_later')),
        settled TEXT NOT NULL DEFAULT '',
        look_at TEXT,
        look_boot TEXT,
        look_since_boot BIGINT,
        looks BIGINT NOT NULL DEFAULT 0, is_unproven BIGINT NOT NULL DEFAULT 0
        CHECK (is_unproven IN (0, 1)),
        FOREIGN KEY (order_id, position) REFERENCES steps(order_id, position),
        CHECK ((outcome IS NULL) = (ended_at IS NULL)),
        CHECK (settled_as IS NULL OR outcome = 'in_doubt'));
INSERT INTO attempts VALUES(1,1,1,2,'2026-11-24T02:00:00.000Z','boot-1',3600000,replace('highest_operation=0\nin_account=0\nseen_by=domainInfo\n','\n',char(10)),1000,'done',5000,'Done','','','2026-11-24T02:00:00.000Z','boot-1',3600000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(2,1,3,2,'2026-11-24T02:00:00.000Z','boot-1',3600000,replace('highest_operation=5000\nvalue=0\n','\n',char(10)),0,'done',5001,'Done','','','2026-11-24T02:00:00.000Z','boot-1',3600000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(3,2,1,4,'2026-11-24T02:00:00.000Z','boot-1',3600000,replace('highest_operation=0\nin_account=0\nseen_by=domainInfo\n','\n',char(10)),1000,'refused',NULL,'','E11-M1101','refused','2026-11-24T02:00:00.000Z','boot-1',3600000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(4,3,1,6,'2026-11-24T02:00:00.000Z','boot-1',3600000,replace('highest_operation=0\nin_account=0\nseen_by=domainInfo\n','\n',char(10)),1000,'pending',5002,'Pending','','','2026-11-24T02:00:00.000Z','boot-1',3600000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(5,4,1,8,'2026-11-24T02:00:00.000Z','boot-1',3600000,replace('highest_operation=5002\nin_account=0\nseen_by=domainInfo\n','\n',char(10)),1000,'done',5003,'Done','','','2026-11-24T02:00:00.000Z','boot-1',3600000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(6,4,3,8,'2026-11-24T02:00:00.000Z','boot-1',3600000,replace('highest_operation=5003\nvalue=0\n','\n',char(10)),0,'done',5004,'Done','','','2026-11-24T02:00:00.000Z','boot-1',3600000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(7,5,1,10,'2026-11-24T02:00:00.000Z','boot-1',3600000,replace('highest_operation=5002\nin_account=0\nseen_by=domainInfo\n','\n',char(10)),1000,'pending',5005,'Pending','','','2026-11-24T02:00:00.000Z','boot-1',3600000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(8,6,1,12,'2026-11-24T02:00:00.000Z','boot-1',3600000,replace('highest_operation=5005\nin_account=0\nseen_by=domainInfo\n','\n',char(10)),1000,'pending',5006,'Pending','','','2026-11-24T02:00:00.000Z','boot-1',3600000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(9,7,1,14,'2026-11-24T02:00:00.000Z','boot-1',3600000,replace('highest_operation=5005\nin_account=0\nseen_by=domainInfo\n','\n',char(10)),1000,'in_doubt',NULL,'','','cut','2026-11-24T02:00:00.000Z','boot-1',3600000,'done','done, id unknown: domainInfo shows status ''ACTIVE, DELEGATED'', owner AE1',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(10,8,1,16,'2026-11-24T02:00:00.000Z','boot-1',3600000,replace('highest_operation=5005\nin_account=0\nseen_by=domainInfo\n','\n',char(10)),1000,'in_doubt',5007,'','','cut','2026-11-24T02:00:00.000Z','boot-1',3600000,'pending','adopted operation 5007',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(11,9,1,18,'2026-11-24T02:00:00.000Z','boot-1',3600000,replace('highest_operation=5007\n','\n',char(10)),0,'done',NULL,'Done','','','2026-11-24T02:00:00.000Z','boot-1',3600000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(12,9,2,18,'2026-11-24T02:00:00.000Z','boot-1',3600000,replace('highest_operation=5007\nin_account=0\nseen_by=domainInfo\n','\n',char(10)),1000,'done',5008,'Done','','','2026-11-24T02:00:00.000Z','boot-1',3600000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(13,13,1,26,'2026-11-24T02:00:00.000Z','boot-1',3600000,replace('highest_operation=5007\nin_account=0\nseen_by=domainInfo\n','\n',char(10)),1000,'pending',5009,'Pending','','','2026-11-24T02:00:00.000Z','boot-1',3600000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(14,14,1,28,'2026-11-24T02:00:00.000Z','boot-1',3600000,replace('highest_operation=5009\nvalue=AE1\n','\n',char(10)),0,'pending',5010,'Pending','','','2026-11-24T02:00:00.000Z','boot-1',3600000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(15,15,2,30,'2026-11-24T02:00:00.000Z','boot-1',3600000,replace('highest_operation=5010\nvalue=1\n','\n',char(10)),0,'done',5011,'Done','','','2026-11-24T02:00:00.000Z','boot-1',3600000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(16,7,3,36,'2026-11-24T02:11:00.000Z','boot-1',4260000,replace('highest_operation=5010\nvalue=0\n','\n',char(10)),0,'done',5012,'Done','','','2026-11-24T02:11:00.000Z','boot-1',4260000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(17,18,1,45,'2026-11-24T03:28:00.000Z','boot-1',8880000,replace('highest_operation=5010\nin_account=0\nseen_by=domainInfo\n','\n',char(10)),1000,'in_doubt',NULL,'','','cut','2026-11-24T03:28:00.000Z','boot-1',8880000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(18,19,1,47,'2026-11-24T03:28:00.000Z','boot-1',8880000,replace('highest_operation=5010\nin_account=0\nseen_by=domainInfo\n','\n',char(10)),1000,'done',5013,'Done','','','2026-11-24T03:28:00.000Z','boot-1',8880000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(19,19,3,47,'2026-11-24T03:28:00.000Z','boot-1',8880000,replace('highest_operation=5013\nvalue=0\n','\n',char(10)),0,'refused',NULL,'','E11-M1101','not now','2026-11-24T03:28:00.000Z','boot-1',8880000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(20,20,1,49,'2026-11-24T03:28:00.000Z','boot-1',8880000,replace('highest_operation=5010\nin_account=0\nseen_by=domainInfo\n','\n',char(10)),1000,'done',5014,'Done','','','2026-11-24T03:28:00.000Z','boot-1',8880000,NULL,'',NULL,NULL,NULL,0,0);
INSERT INTO attempts VALUES(21,20,3,49,'2026-11-24T03:28:00.000Z','boot-1',8880000,replace('highest_operation=5014\nvalue=0\n','\n',char(10)),0,'done',5015,'Done','','','2026-11-24T03:28:00.000Z','boot-1',8880000,NULL,'',NULL,NULL,NULL,0,0);
CREATE TABLE operations (
        operation_id BIGINT PRIMARY KEY,
        attempt_id BIGINT REFERENCES attempts(attempt_id),
        order_id BIGINT REFERENCES orders(order_id),
        code TEXT NOT NULL,
        target TEXT NOT NULL,
        status TEXT NOT NULL DEFAULT '',
        message TEXT NOT NULL DEFAULT '',
        is_open BIGINT NOT NULL CHECK (is_open IN (0, 1)),
        is_foreign BIGINT NOT NULL CHECK (is_foreign IN (0, 1)),
        first_seen_at TEXT NOT NULL,
        last_seen_at TEXT NOT NULL,
        asked_at TEXT,
        failed_questions BIGINT NOT NULL DEFAULT 0,
        age_warned BIGINT NOT NULL DEFAULT 0,
        passes BIGINT NOT NULL DEFAULT 0,
        CHECK (is_foreign = 1 OR attempt_id IS NOT NULL));
INSERT INTO operations VALUES(5000,1,1,'domainCreate','done.com','Done','',0,0,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,0,0,0);
INSERT INTO operations VALUES(5001,2,1,'domainSetPreference','done.com','Done','',0,0,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,0,0,0);
INSERT INTO operations VALUES(5002,4,3,'domainCreate','wait.com','Pending','',1,0,'2026-11-24T02:00:00.000Z','2026-11-24T03:28:00.000Z',NULL,0,0,0);
INSERT INTO operations VALUES(5003,5,4,'domainCreate','differs.com','Done','',0,0,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,0,0,0);
INSERT INTO operations VALUES(5004,6,4,'domainSetPreference','differs.com','Done','',0,0,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,0,0,0);
INSERT INTO operations VALUES(5005,7,5,'domainCreate','wait-held.com','Pending','',1,0,'2026-11-24T02:00:00.000Z','2026-11-24T03:28:00.000Z',NULL,0,0,0);
INSERT INTO operations VALUES(5006,8,6,'domainCreate','wait-lost.com','Pending','',1,0,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z','2026-11-24T03:28:00.000Z',8,0,0);
INSERT INTO operations VALUES(5008,12,9,'domainCreate','inline.com','Done','',0,0,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,0,0,0);
INSERT INTO operations VALUES(5009,13,13,'domainTransferIn','moves.com','Pending','',1,0,'2026-11-24T02:00:00.000Z','2026-11-24T03:28:00.000Z',NULL,0,0,0);
INSERT INTO operations VALUES(5010,14,14,'domainTransferOwner','traded.com','Pending','',1,0,'2026-11-24T02:00:00.000Z','2026-11-24T03:28:00.000Z',NULL,0,0,0);
INSERT INTO operations VALUES(5011,15,15,'domainSetDNSsec','signed.com','Done','',0,0,'2026-11-24T02:00:00.000Z','2026-11-24T02:00:00.000Z',NULL,0,0,0);
INSERT INTO operations VALUES(5012,16,7,'domainSetPreference','id-unknown.com','Done','',0,0,'2026-11-24T02:11:00.000Z','2026-11-24T02:11:00.000Z',NULL,0,0,0);
INSERT INTO operations VALUES(5007,10,8,'domainCreate','adopted.com','','',1,0,'2026-11-24T02:11:00.000Z','2026-11-24T03:28:00.000Z',NULL,0,0,0);
INSERT INTO operations VALUES(4000,NULL,NULL,'domainRenew','blocked.com','','',1,1,'2026-11-24T02:11:00.000Z','2026-11-24T03:28:00.000Z',NULL,0,0,8);
INSERT INTO operations VALUES(5013,18,19,'domainCreate','retried.com','Done','',0,0,'2026-11-24T03:28:00.000Z','2026-11-24T03:28:00.000Z',NULL,0,0,0);
INSERT INTO operations VALUES(5014,20,20,'domainCreate','unread.com','Done','',0,0,'2026-11-24T03:28:00.000Z','2026-11-24T03:28:00.000Z',NULL,0,0,0);
INSERT INTO operations VALUES(5015,21,20,'domainSetPreference','unread.com','Done','',0,0,'2026-11-24T03:28:00.000Z','2026-11-24T03:28:00.000Z',NULL,0,0,0);
CREATE TABLE contacts (
        fingerprint TEXT PRIMARY KEY,
        contact_id TEXT,
        order_id BIGINT REFERENCES orders(order_id),
        made_at TEXT,
        CHECK (contact_id IS NOT NULL OR order_id IS NOT NULL));
INSERT INTO contacts VALUES('48c8bab2edbe40d49bd2b14cd2d0537197e0e50cad62f300758f618e0ecfd039','AE1',9,'2026-11-24T02:00:00.000Z');
CREATE TABLE remembered (
        kind TEXT NOT NULL,
        item TEXT NOT NULL,
        fields TEXT NOT NULL,
        noted_at TEXT NOT NULL,
        PRIMARY KEY (kind, item));
INSERT INTO remembered VALUES('extension','com',replace('currency=EUR\nfee.registration=1000\nfee.trade=0\nfee.transfer=1000\nflag.hasautorenew=1\nflag.hasdnssec=1\nflag.haseppcode=1\nflag.hasregistrarlock=1\nflag.haswhoisprivacy=1\noperation.domainchangedns=1\noperation.domaincreate=1\noperation.domaintransferin=1\noperation.domaintransferowner=1\nperiod_create=1-10\n','\n',char(10)),'2026-11-24T02:00:00.000Z');
INSERT INTO remembered VALUES('contact','AE1',replace('firstName=Anna\nisOwner=1\n','\n',char(10)),'2026-11-24T02:00:00.000Z');
INSERT INTO remembered VALUES('made_contact','AE1',replace('fingerprint=48c8bab2edbe40d49bd2b14cd2d0537197e0e50cad62f300758f618e0ecfd039\n','\n',char(10)),'2026-11-24T02:00:00.000Z');
INSERT INTO remembered VALUES('contact','AE2',replace('firstName=Eve\nisOwner=1\n','\n',char(10)),'2026-11-24T02:00:00.000Z');
INSERT INTO remembered VALUES('seen_ds','signed.com',replace('until=2026-11-24T04:28:00.000Z\n','\n',char(10)),'2026-11-24T03:28:00.000Z');
INSERT INTO remembered VALUES('seen_ds','served.com',replace('until=2026-11-24T04:28:00.000Z\n','\n',char(10)),'2026-11-24T03:28:00.000Z');
INSERT INTO remembered VALUES('pass','begun',replace('boot_id=boot-1\nsince_boot=8880000\nutc=2026-11-24T03:28:00.000Z\n','\n',char(10)),'2026-11-24T03:28:00.000Z');
CREATE TABLE events (
        event_id INTEGER PRIMARY KEY AUTOINCREMENT,
        noted_at TEXT NOT NULL,
        run_id BIGINT NOT NULL,
        order_id BIGINT REFERENCES orders(order_id),
        batch_id BIGINT,
        kind TEXT NOT NULL,
        text TEXT NOT NULL, report_id BIGINT REFERENCES reports(report_id));
INSERT INTO events VALUES(1,'2026-11-24T02:00:00.000Z',1,NULL,1,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(2,'2026-11-24T02:00:00.000Z',2,1,1,'order_moved','done',NULL);
INSERT INTO events VALUES(3,'2026-11-24T02:00:00.000Z',3,NULL,2,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(4,'2026-11-24T02:00:00.000Z',4,2,2,'order_moved','failed: domainCreate was refused: E11-M1101: refused',NULL);
INSERT INTO events VALUES(5,'2026-11-24T02:00:00.000Z',5,NULL,3,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(6,'2026-11-24T02:00:00.000Z',6,3,3,'order_moved','waiting: domainCreate is pending as operation 5002',NULL);
INSERT INTO events VALUES(7,'2026-11-24T02:00:00.000Z',7,NULL,4,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(8,'2026-11-24T02:00:00.000Z',8,4,4,'order_moved','done_open_ends: differs in tech: ordered ''AB123'', is ''AT9''',NULL);
INSERT INTO events VALUES(9,'2026-11-24T02:00:00.000Z',9,NULL,5,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(10,'2026-11-24T02:00:00.000Z',10,5,5,'order_moved','waiting: domainCreate is pending as operation 5005',NULL);
INSERT INTO events VALUES(11,'2026-11-24T02:00:00.000Z',11,NULL,6,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(12,'2026-11-24T02:00:00.000Z',12,6,6,'order_moved','waiting: domainCreate is pending as operation 5006',NULL);
INSERT INTO events VALUES(13,'2026-11-24T02:00:00.000Z',13,NULL,7,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(14,'2026-11-24T02:00:00.000Z',14,7,7,'order_moved','in_doubt: domainCreate was sent and its answer is not known: cut',NULL);
INSERT INTO events VALUES(15,'2026-11-24T02:00:00.000Z',15,NULL,8,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(16,'2026-11-24T02:00:00.000Z',16,8,8,'order_moved','in_doubt: domainCreate was sent and its answer is not known: cut',NULL);
INSERT INTO events VALUES(17,'2026-11-24T02:00:00.000Z',17,NULL,9,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(18,'2026-11-24T02:00:00.000Z',18,9,9,'order_moved','done',NULL);
INSERT INTO events VALUES(19,'2026-11-24T02:00:00.000Z',19,NULL,10,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(20,'2026-11-24T02:00:00.000Z',21,NULL,11,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(21,'2026-11-24T02:00:00.000Z',22,11,11,'order_moved','held: paused by ada: not yet; `domain-orders release 11` lets it go on',NULL);
INSERT INTO events VALUES(22,'2026-11-24T02:00:00.000Z',22,11,NULL,'decision','held by ada: not yet',NULL);
INSERT INTO events VALUES(23,'2026-11-24T02:00:00.000Z',23,NULL,12,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(24,'2026-11-24T02:00:00.000Z',24,12,12,'order_moved','cancelled: cancelled by ada before it was sent',NULL);
INSERT INTO events VALUES(25,'2026-11-24T02:00:00.000Z',24,12,NULL,'decision','cancelled by ada',NULL);
INSERT INTO events VALUES(26,'2026-11-24T02:00:00.000Z',25,NULL,13,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(27,'2026-11-24T02:00:00.000Z',26,13,13,'order_moved','waiting: domainTransferIn is pending as operation 5009',NULL);
INSERT INTO events VALUES(28,'2026-11-24T02:00:00.000Z',27,NULL,14,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(29,'2026-11-24T02:00:00.000Z',28,10,10,'order_moved','held: operation 4000 (domainRenew) is pending for the domain at the registrar',NULL);
INSERT INTO events VALUES(30,'2026-11-24T02:00:00.000Z',28,14,14,'order_moved','waiting: domainTransferOwner is pending as operation 5010',NULL);
INSERT INTO events VALUES(31,'2026-11-24T02:00:00.000Z',29,NULL,15,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(32,'2026-11-24T02:00:00.000Z',31,NULL,16,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(33,'2026-11-24T02:00:00.000Z',33,NULL,17,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(34,'2026-11-24T02:00:00.000Z',34,17,17,'order_moved','skipped: is so already',NULL);
INSERT INTO events VALUES(35,'2026-11-24T02:00:00.000Z',35,5,5,'order_moved','held: paused by ada; `domain-orders release 5` lets it go on',NULL);
INSERT INTO events VALUES(36,'2026-11-24T02:00:00.000Z',35,5,NULL,'decision','held by ada',NULL);
INSERT INTO events VALUES(37,'2026-11-24T02:11:00.000Z',36,7,7,'order_moved','in_progress',NULL);
INSERT INTO events VALUES(38,'2026-11-24T02:11:00.000Z',36,7,7,'order_moved','done: done, id unknown: domainInfo shows status ''ACTIVE, DELEGATED'', owner AE1',NULL);
INSERT INTO events VALUES(39,'2026-11-24T02:11:00.000Z',36,8,8,'order_moved','waiting: domainCreate is pending as operation 5007',NULL);
INSERT INTO events VALUES(40,'2026-11-24T02:33:00.000Z',38,6,6,'order_moved','held: queryOpe gives no answer about operation 5006 (no; the domain is not in the account)',NULL);
INSERT INTO events VALUES(41,'2026-11-24T03:28:00.000Z',44,NULL,18,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(42,'2026-11-24T03:28:00.000Z',45,18,18,'order_moved','in_doubt: domainCreate was sent and its answer is not known: cut',NULL);
INSERT INTO events VALUES(43,'2026-11-24T03:28:00.000Z',46,NULL,19,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
INSERT INTO events VALUES(44,'2026-11-24T03:28:00.000Z',48,NULL,20,'batch_taken','orders.csv: 1 accepted, 0 refused, 0 skipped',NULL);
CREATE TABLE reports (
        report_id INTEGER PRIMARY KEY AUTOINCREMENT,
        message_id TEXT NOT NULL UNIQUE,
        begun_at TEXT NOT NULL,
        mail TEXT NOT NULL DEFAULT '',
        accepted_at TEXT,
        is_open BIGINT NOT NULL DEFAULT 1 CHECK (is_open IN (0, 1)),
        CHECK (is_open = 0 OR accepted_at IS NULL));
CREATE TABLE sending_holds (
        hold_id INTEGER PRIMARY KEY AUTOINCREMENT,
        person TEXT NOT NULL CHECK (person <> ''),
        reason TEXT NOT NULL CHECK (reason <> ''),
        held_at TEXT NOT NULL,
        told_at TEXT,
        released_by TEXT,
        released_at TEXT,
        is_open BIGINT NOT NULL DEFAULT 1 CHECK (is_open IN (0, 1)),
        CHECK ((is_open = 1) = (released_by IS NULL)),
        CHECK ((is_open = 1) = (released_at IS NULL)));
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('runs',49);
INSERT INTO sqlite_sequence VALUES('batches',20);
INSERT INTO sqlite_sequence VALUES('orders',20);
INSERT INTO sqlite_sequence VALUES('events',44);
INSERT INTO sqlite_sequence VALUES('attempts',21);
CREATE INDEX runs_not_ended ON runs(run_id) WHERE ended_at IS NULL AND died = 0;
CREATE INDEX batches_by_content ON batches(content_hash);
CREATE INDEX batches_half_read ON batches(run_id) WHERE complete = 0;
CREATE INDEX batches_with_result_due ON batches(batch_id) WHERE result_due = 1;
CREATE UNIQUE INDEX one_order_keeps_a_domain ON orders(domain) WHERE keeps_domain = 1;
CREATE INDEX orders_to_send ON orders(order_id)
        WHERE claimed_by IS NULL AND state IN ('accepted', 'in_progress');
CREATE INDEX orders_in_progress ON orders(order_id) WHERE state = 'in_progress';
CREATE INDEX orders_by_domain ON orders(domain, order_id);
CREATE INDEX orders_by_reference ON orders(reference) WHERE reference <> '';
CREATE INDEX orders_with_code ON orders(order_id) WHERE auth_code IS NOT NULL;
CREATE INDEX orders_claimed ON orders(claimed_by) WHERE claimed_by IS NOT NULL;
CREATE INDEX orders_not_ended ON orders(batch_id) WHERE ended_at IS NULL;
CREATE INDEX attempts_of_order ON attempts(order_id);
CREATE INDEX attempts_open ON attempts(run_id) WHERE outcome IS NULL;
CREATE INDEX attempts_in_doubt ON attempts(attempt_id)
        WHERE outcome = 'in_doubt' AND settled_as IS NULL;
CREATE UNIQUE INDEX a_step_is_sent_once ON attempts(order_id, position)
        WHERE outcome IS NULL OR (outcome = 'in_doubt' AND settled_as IS NULL);
CREATE INDEX operations_open ON operations(operation_id) WHERE is_open = 1;
CREATE INDEX operations_foreign ON operations(target) WHERE is_foreign = 1 AND is_open = 1;
CREATE INDEX contacts_of_order ON contacts(order_id) WHERE contact_id IS NULL;
CREATE INDEX events_of_order ON events(order_id) WHERE order_id IS NOT NULL;
CREATE UNIQUE INDEX one_report_is_open ON reports(is_open) WHERE is_open = 1;
CREATE INDEX events_not_reported ON events(order_id) WHERE report_id IS NULL;
CREATE INDEX notes_not_reported ON events(event_id)
        WHERE report_id IS NULL AND kind <> 'order_moved';
CREATE INDEX events_of_report ON events(report_id, order_id) WHERE report_id IS NOT NULL;
CREATE UNIQUE INDEX one_hold_is_open ON sending_holds(is_open) WHERE is_open = 1;
CREATE INDEX main_steps_open_end ON steps(order_id)
        WHERE phase = 'main' AND state = 'open_end';
CREATE INDEX orders_in_place ON orders(instead_of) WHERE instead_of IS NOT NULL;
CREATE UNIQUE INDEX one_order_has_a_reference ON orders(kind, reference)
        WHERE reference <> '' AND state NOT IN ('failed', 'cancelled')
        AND NOT (state = 'skipped' AND resembles IS NOT NULL);
COMMIT;
