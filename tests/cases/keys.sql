-- case: every action of a foreign key
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (a int DEFAULT 1, b int DEFAULT 2, CONSTRAINT k FOREIGN KEY (a, b) REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE);
-- after
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (a int DEFAULT 1, b int DEFAULT 2, CONSTRAINT k FOREIGN KEY (a, b) REFERENCES p ON DELETE SET NULL ON UPDATE SET DEFAULT);
-- case: actions on some columns only, and a full match (15)
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (a int, b int, CONSTRAINT k FOREIGN KEY (a, b) REFERENCES p ON DELETE SET NULL (a)); CREATE TABLE u (a int, b int, FOREIGN KEY (a, b) REFERENCES p);
-- after
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (a int, b int, CONSTRAINT k FOREIGN KEY (a, b) REFERENCES p ON DELETE SET DEFAULT (a, b)); CREATE TABLE u (a int, b int, FOREIGN KEY (a, b) REFERENCES p MATCH FULL);
-- case: the columns of a foreign key are in another order than those of the key
CREATE TABLE p (a int, b int, UNIQUE (b, a)); CREATE TABLE t (x int, y int);
-- after
CREATE TABLE p (a int, b int, UNIQUE (b, a)); CREATE TABLE t (x int, y int, FOREIGN KEY (x, y) REFERENCES p (a, b));
-- case: a foreign key points to another table
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); CREATE TABLE t (x int, CONSTRAINT k FOREIGN KEY (x) REFERENCES a);
-- after
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); CREATE TABLE t (x int, CONSTRAINT k FOREIGN KEY (x) REFERENCES b);
-- case: a foreign key points to a unique constraint that is replaced
CREATE TABLE a (x int, y int, CONSTRAINT u UNIQUE (x)); CREATE TABLE t (x int REFERENCES a (x));
-- after
CREATE TABLE a (x int, y int, CONSTRAINT u UNIQUE (x) INCLUDE (y)); CREATE TABLE t (x int REFERENCES a (x));
-- case: the table that a foreign key points to is dropped
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE t (x int REFERENCES a, y int REFERENCES a ON DELETE CASCADE); CREATE TABLE u (z int REFERENCES a);
-- after
CREATE TABLE t (x int, y int);
-- case: tables in a ring are dropped, and others in a ring come
CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
-- after
CREATE TABLE x (id int PRIMARY KEY, z int); CREATE TABLE y (id int PRIMARY KEY, x int REFERENCES x); CREATE TABLE z (id int PRIMARY KEY, y int REFERENCES y); ALTER TABLE x ADD FOREIGN KEY (z) REFERENCES z;
-- case: a table that points to itself comes, changes and goes
CREATE TABLE a (id int PRIMARY KEY, up int REFERENCES a); CREATE TABLE b (id int PRIMARY KEY, up int REFERENCES b);
-- after
CREATE TABLE a (id bigint PRIMARY KEY, up bigint REFERENCES a ON DELETE CASCADE); CREATE TABLE c (id int, n int, up int, PRIMARY KEY (id, n), FOREIGN KEY (up, n) REFERENCES c);
-- case: the types of a key change while the types of what points to it stay
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a); CREATE TABLE c (a bigint REFERENCES a);
-- after
CREATE TABLE a (id bigint PRIMARY KEY); CREATE TABLE b (a int REFERENCES a); CREATE TABLE c (a bigint REFERENCES a);
-- case: a foreign key between schemas with odd names
CREATE SCHEMA "A b"; CREATE SCHEMA c; CREATE TABLE "A b"."T" ("Id" int PRIMARY KEY); CREATE TABLE c.t (x int);
-- after
CREATE SCHEMA "A b"; CREATE SCHEMA c; CREATE TABLE "A b"."T" ("Id" int PRIMARY KEY); CREATE TABLE c.t (x int CONSTRAINT "K k" REFERENCES "A b"."T" ON DELETE CASCADE); COMMENT ON CONSTRAINT "K k" ON c.t IS 'k';
-- case: many foreign keys on one column
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); CREATE TABLE t (x int REFERENCES a);
-- after
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); CREATE TABLE t (x int REFERENCES a REFERENCES b, CONSTRAINT third FOREIGN KEY (x) REFERENCES a ON DELETE CASCADE);
-- case: a foreign key from a partitioned table, and one that only a partition has
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE p (x int, y int) PARTITION BY LIST (x); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
-- after
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE p (x int, y int REFERENCES a) PARTITION BY LIST (x); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); ALTER TABLE p2 ADD CONSTRAINT own FOREIGN KEY (x) REFERENCES a;
-- case: a foreign key to a partitioned table of two levels
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (b); CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1); CREATE TABLE t (a int, b int);
-- after
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (b); CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1); CREATE TABLE p12 PARTITION OF p1 DEFAULT; CREATE TABLE t (a int, b int, FOREIGN KEY (a, b) REFERENCES p ON DELETE CASCADE);
-- case: a foreign key between partitioned tables changes its action
CREATE TABLE p (a int PRIMARY KEY) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE q (a int REFERENCES p) PARTITION BY LIST (a); CREATE TABLE q1 PARTITION OF q FOR VALUES IN (1);
-- after
CREATE TABLE p (a int PRIMARY KEY) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); CREATE TABLE q (a int REFERENCES p ON DELETE CASCADE) PARTITION BY LIST (a); CREATE TABLE q1 PARTITION OF q FOR VALUES IN (1); CREATE TABLE q2 PARTITION OF q FOR VALUES IN (2);
-- case: a foreign key to one partition
CREATE TABLE p (a int PRIMARY KEY) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE t (a int);
-- after
CREATE TABLE p (a int PRIMARY KEY) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE t (a int REFERENCES p1);
-- case: a foreign key's column is dropped, the key's column is dropped
CREATE TABLE a (id int PRIMARY KEY, k int UNIQUE); CREATE TABLE t (x int REFERENCES a, y int REFERENCES a (k), z int);
-- after
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE t (y int, z int);
-- case: not valid foreign keys come, go and become valid
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE t (x int, y int, z int REFERENCES a); ALTER TABLE t ADD CONSTRAINT kx FOREIGN KEY (x) REFERENCES a NOT VALID; ALTER TABLE t ADD CONSTRAINT ky FOREIGN KEY (y) REFERENCES a NOT VALID;
-- after
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE t (x int, y int, z int); ALTER TABLE t ADD CONSTRAINT kx FOREIGN KEY (x) REFERENCES a; ALTER TABLE t ADD CONSTRAINT kz FOREIGN KEY (z) REFERENCES a NOT VALID;
-- case: a foreign key's unique index is replaced by a primary key of the same columns
CREATE TABLE a (x int NOT NULL); CREATE UNIQUE INDEX i ON a (x); CREATE TABLE t (x int REFERENCES a (x));
-- after
CREATE TABLE a (x int PRIMARY KEY); CREATE TABLE t (x int REFERENCES a (x));
-- case: a key changes that a view groups by, and one that a rule and a function name
CREATE TABLE t (id int CONSTRAINT k PRIMARY KEY, n int); CREATE VIEW v AS SELECT id, n FROM t GROUP BY id; CREATE MATERIALIZED VIEW m AS SELECT id, n FROM t GROUP BY id; CREATE TABLE u (id int, n int CONSTRAINT one UNIQUE); CREATE TABLE w (n int); CREATE RULE r AS ON INSERT TO w DO INSTEAD INSERT INTO u VALUES (1, NEW.n) ON CONFLICT ON CONSTRAINT one DO NOTHING;
-- after
CREATE TABLE t (id int, n int, CONSTRAINT k PRIMARY KEY (id) INCLUDE (n)); CREATE VIEW v AS SELECT id, n FROM t GROUP BY id; CREATE MATERIALIZED VIEW m AS SELECT id, n FROM t GROUP BY id; CREATE TABLE u (id int, n int, CONSTRAINT one UNIQUE (n, id)); CREATE TABLE w (n int); CREATE RULE r AS ON INSERT TO w DO INSTEAD INSERT INTO u VALUES (1, NEW.n) ON CONFLICT ON CONSTRAINT one DO NOTHING;
-- case: a constraint becomes a unique index of its name, and the other way round, under foreign keys
CREATE TABLE p (a int NOT NULL CONSTRAINT u UNIQUE); CREATE TABLE c (a int REFERENCES p (a)); CREATE TABLE q (a int NOT NULL); CREATE UNIQUE INDEX w ON q (a); CREATE TABLE d (a int REFERENCES q (a));
-- after
CREATE TABLE p (a int NOT NULL); CREATE UNIQUE INDEX u ON p (a); CREATE TABLE c (a int REFERENCES p (a)); CREATE TABLE q (a int NOT NULL CONSTRAINT w PRIMARY KEY); CREATE TABLE d (a int REFERENCES q (a));
-- case: a key and what refers to it become numbers that only one side can compare
CREATE TABLE b (id int PRIMARY KEY); CREATE TABLE c (b int REFERENCES b); CREATE TABLE f (id bigint PRIMARY KEY); CREATE TABLE g (f bigint REFERENCES f);
-- after
CREATE TABLE b (id numeric PRIMARY KEY); CREATE TABLE c (b numeric REFERENCES b); CREATE TABLE f (id float8 PRIMARY KEY); CREATE TABLE g (f float8 REFERENCES f);
-- case: tables that refer to each other become unlogged
CREATE TABLE a (i int PRIMARY KEY, j int); CREATE TABLE b (i int PRIMARY KEY, j int REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (j) REFERENCES b; CREATE TABLE c (i int REFERENCES a);
-- after
CREATE UNLOGGED TABLE a (i int PRIMARY KEY, j int); CREATE UNLOGGED TABLE b (i int PRIMARY KEY, j int REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (j) REFERENCES b; CREATE UNLOGGED TABLE c (i int REFERENCES a);
