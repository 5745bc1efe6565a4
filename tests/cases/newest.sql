-- case: stored, virtual and plain columns become each other under views and checks (18)
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL, c int GENERATED ALWAYS AS (a * 2) STORED, d int DEFAULT 1); CREATE VIEW v AS SELECT b, c, d FROM t;
-- after
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED, c int DEFAULT 2, d int GENERATED ALWAYS AS (a * 2) VIRTUAL); CREATE VIEW v AS SELECT b, c, d FROM t;
-- case: a virtual column's base changes its type (18)
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL, CHECK (b > 0)); CREATE VIEW v AS SELECT b FROM t; CREATE POLICY p ON t USING (b > 1);
-- after
CREATE TABLE t (a bigint, b bigint GENERATED ALWAYS AS (a + 1) VIRTUAL, CHECK (b > 0)); CREATE VIEW v AS SELECT b FROM t; CREATE POLICY p ON t USING (b > 1);
-- case: virtual columns in partitions and heirs (18)
CREATE TABLE p (a int, b int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE h (x int, y int GENERATED ALWAYS AS (x) VIRTUAL); CREATE TABLE k () INHERITS (h);
-- after
CREATE TABLE p (a int, b int, c int GENERATED ALWAYS AS (b * 2)) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE h (x int, y int GENERATED ALWAYS AS (x + 1) VIRTUAL); CREATE TABLE k () INHERITS (h);
-- case: a virtual column is not null, commented, granted (18)
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) VIRTUAL);
-- after
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) VIRTUAL NOT NULL); COMMENT ON COLUMN t.b IS 'b'; GRANT SELECT (b) ON t TO pg_monitor;
-- case: keys without overlaps come, change and go (18)
CREATE TABLE t (id int4range, at tsrange, x int, CONSTRAINT k PRIMARY KEY (id, at WITHOUT OVERLAPS)); CREATE TABLE u (id int4range, at tsrange);
-- after
CREATE TABLE t (id int4range, at tsrange, x int, CONSTRAINT k UNIQUE (id, at WITHOUT OVERLAPS)); CREATE TABLE u (id int4range, at tsrange, UNIQUE (id, at WITHOUT OVERLAPS) DEFERRABLE);
-- case: a foreign key of periods changes and its key is made again (18)
CREATE TABLE t (id int4range, at daterange, PRIMARY KEY (id, at WITHOUT OVERLAPS)); CREATE TABLE u (t int4range, at daterange, CONSTRAINT f FOREIGN KEY (t, PERIOD at) REFERENCES t (id, PERIOD at));
-- after
CREATE TABLE t (id int4range, at daterange, CONSTRAINT other PRIMARY KEY (id, at WITHOUT OVERLAPS)); CREATE TABLE u (t int4range, at daterange, CONSTRAINT f FOREIGN KEY (t, PERIOD at) REFERENCES t (id, PERIOD at) DEFERRABLE INITIALLY DEFERRED);
-- case: not null is named, renamed, not valid, validated, not inherited (18)
CREATE TABLE t (a int CONSTRAINT one NOT NULL, b int CONSTRAINT two NOT NULL NO INHERIT, c int NOT NULL, d int); ALTER TABLE t ADD CONSTRAINT four NOT NULL d NOT VALID;
-- after
CREATE TABLE t (a int CONSTRAINT uno NOT NULL, b int CONSTRAINT two NOT NULL, c int CONSTRAINT c_nn NOT NULL NO INHERIT, d int CONSTRAINT four NOT NULL); COMMENT ON CONSTRAINT uno ON t IS 'uno';
-- case: a primary key's not null has a name of its own (18)
CREATE TABLE t (a int CONSTRAINT named NOT NULL, b int, PRIMARY KEY (a)); CREATE TABLE u (a int PRIMARY KEY);
-- after
CREATE TABLE t (a int CONSTRAINT named NOT NULL, b int CONSTRAINT b_named NOT NULL, PRIMARY KEY (b)); CREATE TABLE u (a int CONSTRAINT later NOT NULL PRIMARY KEY);
-- case: enforced and not enforced, deferrable and not valid (18)
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int CONSTRAINT c1 CHECK (a > 0) NOT ENFORCED, b int CONSTRAINT f1 REFERENCES p, c int CONSTRAINT f2 REFERENCES p NOT ENFORCED, d int CONSTRAINT f3 REFERENCES p DEFERRABLE NOT ENFORCED);
-- after
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int CONSTRAINT c1 CHECK (a > 0), b int CONSTRAINT f1 REFERENCES p NOT ENFORCED, c int CONSTRAINT f2 REFERENCES p, d int CONSTRAINT f3 REFERENCES p NOT ENFORCED);
-- case: checks that are not enforced, of parents, partitions and new tables (18)
CREATE TABLE p (a int, CONSTRAINT c CHECK (a > 0)) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- after
CREATE TABLE p (a int, CONSTRAINT c CHECK (a > 0) NOT ENFORCED) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE n (a int CHECK (a > 0) NOT ENFORCED, CONSTRAINT ni CHECK (a > 1) NO INHERIT NOT ENFORCED);
-- case: foreign keys of partitioned tables that are not valid (18)
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE p (x int, y int) PARTITION BY LIST (x); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- after
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE p (x int, y int) PARTITION BY LIST (x); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); ALTER TABLE p ADD CONSTRAINT f FOREIGN KEY (y) REFERENCES a NOT VALID;
-- case: an exclusion constraint of a partitioned table (17)
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
-- after
CREATE TABLE p (a int, b int, EXCLUDE USING btree (a WITH =)) PARTITION BY LIST (a);
-- case: identity of partitions follows their parent (17)
CREATE TABLE p (a int GENERATED ALWAYS AS IDENTITY, b int) PARTITION BY LIST (b); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- after
CREATE TABLE p (a bigint GENERATED BY DEFAULT AS IDENTITY (INCREMENT 2), b int) PARTITION BY LIST (b); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
-- case: the access method of a partitioned table and of its partitions (17)
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler; CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- after
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler; CREATE TABLE p (a int) PARTITION BY LIST (a) USING heap2; CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
-- case: maintain is a privilege (17)
CREATE TABLE t (a int); GRANT ALL ON t TO pg_monitor;
-- after
CREATE TABLE t (a int); GRANT MAINTAIN ON t TO pg_monitor; CREATE TABLE u (a int); GRANT ALL ON u TO PUBLIC; ALTER DEFAULT PRIVILEGES GRANT MAINTAIN ON TABLES TO pg_read_all_data;
-- case: generated columns in publications, and what they publish (18)
CREATE TABLE t (a int PRIMARY KEY, b int GENERATED ALWAYS AS (a) STORED); CREATE PUBLICATION p FOR TABLE t WITH (publish_generated_columns = stored); CREATE PUBLICATION q FOR ALL TABLES;
-- after
CREATE TABLE t (a int PRIMARY KEY, b int GENERATED ALWAYS AS (a) STORED); CREATE PUBLICATION p FOR TABLE t (a, b) WITH (publish_generated_columns = none); CREATE PUBLICATION q FOR ALL TABLES WITH (publish_generated_columns = stored, publish = 'insert');
-- case: subscriptions' newer options (17)
CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE, enabled = false);
-- after
CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE, enabled = false, origin = none, password_required = false, run_as_owner = true, streaming = parallel);
-- case: triggers of partitioned tables with transition tables; null statistics targets (17)
CREATE TABLE t (a int, b int); ALTER TABLE t ALTER a SET STATISTICS 100; CREATE INDEX i ON t ((a + b)); ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 100; CREATE STATISTICS s ON a, b FROM t; ALTER STATISTICS s SET STATISTICS 100;
-- after
CREATE TABLE t (a int, b int); ALTER TABLE t ALTER a SET STATISTICS DEFAULT, ALTER b SET STATISTICS 0; CREATE INDEX i ON t ((a + b)); CREATE STATISTICS s ON a, b FROM t;
-- case: standard JSON functions and tables in views (17)
CREATE TABLE t (a jsonb);
-- after
CREATE TABLE t (a jsonb, b text CHECK (b IS JSON OBJECT WITH UNIQUE KEYS)); CREATE VIEW v AS SELECT JSON_VALUE(a, '$.x' RETURNING int DEFAULT 0 ON EMPTY) AS x, JSON_QUERY(a, '$.y' WITH WRAPPER) AS y, JSON_EXISTS(a, '$.z') AS z, JSON_OBJECT('k': 1 ABSENT ON NULL) AS o, JSON_ARRAY(1, 2) AS r, JSON_SERIALIZE(a) AS s FROM t; CREATE VIEW w AS SELECT j.* FROM t, JSON_TABLE(t.a, '$[*]' COLUMNS (id FOR ORDINALITY, n text PATH '$.n', NESTED PATH '$.c[*]' COLUMNS (c int PATH '$'))) AS j; CREATE VIEW x AS SELECT JSON_ARRAYAGG(a ORDER BY a) AS g, JSON_OBJECTAGG('k' VALUE a) AS h, any_value(a) AS i FROM t;
-- case: returning old and new in bodies of the standard (18)
CREATE TABLE t (a int, b int);
-- after
CREATE TABLE t (a int, b int); CREATE FUNCTION f() RETURNS SETOF int LANGUAGE sql BEGIN ATOMIC UPDATE t SET a = a + 1 RETURNING old.a + new.a; END; CREATE FUNCTION g() RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC MERGE INTO t USING (SELECT 1 AS x) s ON t.a = s.x WHEN NOT MATCHED THEN INSERT VALUES (s.x) RETURNING merge_action(); END;
-- case: a collation of the built-in provider under a column (17)
CREATE TABLE t (a text); CREATE INDEX i ON t (a);
-- after
CREATE COLLATION u (provider = builtin, locale = 'C.UTF-8'); CREATE TABLE t (a text COLLATE u); CREATE INDEX i ON t (a);
-- case: a domain's named not null goes (18)
CREATE DOMAIN d AS int CONSTRAINT dn NOT NULL CHECK (VALUE > 0); CREATE TABLE t (a d);
-- after
CREATE DOMAIN d AS int CHECK (VALUE > 0) CHECK (VALUE < 9); CREATE TABLE t (a d);
-- case: a column that is filled and not null for new rows alone comes to a table whose rows others hold (18)
CREATE TABLE t (a int); CREATE TABLE u (y t);
-- after
CREATE TABLE t (a int, d int DEFAULT 1); ALTER TABLE t ADD CONSTRAINT n NOT NULL d NOT VALID; CREATE TABLE u (y t);
-- case: a NOT NULL that heirs did not have comes to be theirs, under another name (18)
CREATE TABLE p (b int NOT NULL NO INHERIT); CREATE TABLE h () INHERITS (p);
-- after
CREATE TABLE p (b int CONSTRAINT b_nn NOT NULL); CREATE TABLE h () INHERITS (p);
-- case: a generated column and what it is made of get another type (18)
CREATE TYPE st AS ENUM ('a', 'b'); CREATE FUNCTION nxt(st) RETURNS st IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE TABLE t (s st, n st GENERATED ALWAYS AS (nxt('a')) STORED);
-- after
CREATE FUNCTION nxt(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE TABLE t (s text, n text GENERATED ALWAYS AS (nxt('a')) STORED);
-- case: a domain is made again under the name of its NOT NULL (17)
CREATE DOMAIN d AS interval NOT NULL; CREATE TABLE t (a d);
-- after
CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS e NOT NULL; CREATE TABLE t (a d);
-- case: a NOT NULL has the name that another column's should have (18)
CREATE TABLE t (a int, b int); ALTER TABLE t ADD CONSTRAINT t_a_not_null NOT NULL b; CREATE TABLE u (b int); ALTER TABLE u ADD CONSTRAINT u_a_not_null NOT NULL b;
-- after
CREATE TABLE t (a int NOT NULL, b int NOT NULL); CREATE TABLE u (b int NOT NULL, a int NOT NULL);
-- case: a NOT NULL of an heir is called otherwise once it is the heir's own (catalogs)
CREATE TABLE p (a int); CREATE TABLE h () INHERITS (p); ALTER TABLE p ADD COLUMN b int NOT NULL;
-- after
CREATE TABLE p (a int); CREATE TABLE h (a int, b int NOT NULL);
-- case: heirs and partitions have NOT NULLs of their own, and the column gets another type (18)
CREATE TABLE t (c int NOT NULL); CREATE TABLE u (c int CONSTRAINT un NOT NULL) INHERITS (t); CREATE TABLE w (c int NOT NULL) INHERITS (u);
CREATE TABLE p (id int, c int NOT NULL) PARTITION BY LIST (id); CREATE TABLE q (id int, c int NOT NULL); ALTER TABLE p ATTACH PARTITION q FOR VALUES IN (1);
COMMENT ON CONSTRAINT un ON u IS 'own';
-- after
CREATE TABLE t (c bigint NOT NULL); CREATE TABLE u (c bigint CONSTRAINT un NOT NULL) INHERITS (t); CREATE TABLE w (c bigint NOT NULL) INHERITS (u);
CREATE TABLE p (id int, c text NOT NULL) PARTITION BY LIST (id); CREATE TABLE q (id int, c text NOT NULL); ALTER TABLE p ATTACH PARTITION q FOR VALUES IN (1);
COMMENT ON CONSTRAINT un ON u IS 'own';
-- case: a NOT NULL goes and those of heirs and partitions stay, or go as well (18)
CREATE TABLE t (c int NOT NULL, d int NOT NULL); CREATE TABLE u (c int NOT NULL, d int NOT NULL) INHERITS (t);
CREATE TABLE p (id int, c int NOT NULL, d int NOT NULL) PARTITION BY LIST (id); CREATE TABLE q PARTITION OF p (c CONSTRAINT qn NOT NULL, d NOT NULL) FOR VALUES IN (1);
-- after
CREATE TABLE t (c int, d text); CREATE TABLE u (c int NOT NULL, d text) INHERITS (t);
CREATE TABLE p (id int, c int, d int) PARTITION BY LIST (id); CREATE TABLE q PARTITION OF p (c CONSTRAINT qn NOT NULL) FOR VALUES IN (1);
-- case: a parent gets a NOT NULL, and its heirs have one by another name (18)
CREATE TABLE t (c int, d int); CREATE TABLE u (c int CONSTRAINT un NOT NULL, d int) INHERITS (t);
CREATE TABLE p (id int, c int, d int) PARTITION BY LIST (id); CREATE TABLE q PARTITION OF p (c CONSTRAINT qn NOT NULL) FOR VALUES IN (1);
-- after
CREATE TABLE t (c int NOT NULL, d int NOT NULL); CREATE TABLE u (c int CONSTRAINT vn NOT NULL, d int CONSTRAINT dn NOT NULL) INHERITS (t);
CREATE TABLE p (id int, c int NOT NULL, d int NOT NULL) PARTITION BY LIST (id); CREATE TABLE q PARTITION OF p (d CONSTRAINT dn NOT NULL) FOR VALUES IN (1);
-- case: a type is swapped under NOT NULLs of partitions' own (18)
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE p (id int, c e NOT NULL) PARTITION BY LIST (id);
CREATE TABLE q (id int, c e NOT NULL); ALTER TABLE p ATTACH PARTITION q FOR VALUES IN (1);
-- after
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE p (id int, c e NOT NULL) PARTITION BY LIST (id);
CREATE TABLE q (id int, c e NOT NULL); ALTER TABLE p ATTACH PARTITION q FOR VALUES IN (1);
-- case: the key of a partitioned table gets another type, and partitions have NOT NULLs of their own (18)
CREATE TABLE t (id int, d date, v text, PRIMARY KEY (id, d)) PARTITION BY RANGE (d); CREATE INDEX ti ON t (v);
CREATE TABLE p (id int, d date, v text, PRIMARY KEY (id, d)); CREATE TABLE p2 (id int, d date, v text, PRIMARY KEY (id, d)) PARTITION BY LIST (d);
CREATE TABLE o PARTITION OF t FOR VALUES FROM ('2022-01-01') TO ('2023-01-01');
ALTER TABLE t ATTACH PARTITION p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); ALTER TABLE t ATTACH PARTITION p2 FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE TABLE r (id int, d date, FOREIGN KEY (id, d) REFERENCES t); CREATE VIEW vv AS SELECT id FROM t;
-- after
CREATE TABLE t (id bigint, d date, v text, PRIMARY KEY (id, d)) PARTITION BY RANGE (d); CREATE INDEX ti ON t (v);
CREATE TABLE p (id bigint, d date, v text, PRIMARY KEY (id, d)); CREATE TABLE p2 (id bigint, d date, v text, PRIMARY KEY (id, d)) PARTITION BY LIST (d);
CREATE TABLE o PARTITION OF t FOR VALUES FROM ('2022-01-01') TO ('2023-01-01');
ALTER TABLE t ATTACH PARTITION p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); ALTER TABLE t ATTACH PARTITION p2 FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE TABLE r (id bigint, d date, FOREIGN KEY (id, d) REFERENCES t); CREATE VIEW vv AS SELECT id FROM t;
-- case: a column comes whose NOT NULL has a name of its own in heirs and partitions (18)
CREATE TABLE t (id int) PARTITION BY LIST (id); CREATE TABLE p PARTITION OF t FOR VALUES IN (1); CREATE TABLE h (id int); CREATE TABLE i () INHERITS (h);
-- after
CREATE TABLE t (id int, c boolean DEFAULT true NOT NULL) PARTITION BY LIST (id); CREATE TABLE p (id int, c boolean NOT NULL); ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (1);
CREATE TABLE h (id int, c boolean NOT NULL); CREATE TABLE i (c boolean CONSTRAINT x NOT NULL) INHERITS (h);
-- case: a partition's own NOT NULL is validated, or no longer (18)
CREATE TABLE t (id int, v int) PARTITION BY LIST (id); CREATE TABLE p PARTITION OF t FOR VALUES IN (1); ALTER TABLE p ADD CONSTRAINT n NOT NULL v;
-- after
CREATE TABLE t (id int, v int) PARTITION BY LIST (id); CREATE TABLE p PARTITION OF t FOR VALUES IN (1); ALTER TABLE p ADD CONSTRAINT n NOT NULL v NOT VALID;
-- case: an heir with a NOT NULL of its own comes to inherit from a new table that has it too (catalogs) (18)
CREATE TABLE t (id int, v int); CREATE TABLE u () INHERITS (t); ALTER TABLE u ADD CONSTRAINT n NOT NULL v;
-- after
CREATE TABLE w (id date, v numeric CONSTRAINT n NOT NULL); CREATE TABLE u () INHERITS (w);
-- case: keys of periods whose other columns get another type (18)
CREATE EXTENSION btree_gist; CREATE TABLE r (id int, k varchar(9), v daterange, PRIMARY KEY (id, v WITHOUT OVERLAPS), UNIQUE (k, v WITHOUT OVERLAPS)); CREATE TABLE s (id int, k varchar(9), v daterange, FOREIGN KEY (id, PERIOD v) REFERENCES r, CONSTRAINT of_k FOREIGN KEY (k, PERIOD v) REFERENCES r (k, PERIOD v));
-- after
CREATE EXTENSION btree_gist; CREATE TABLE r (id bigint, k text, v daterange, PRIMARY KEY (id, v WITHOUT OVERLAPS), UNIQUE (k, v WITHOUT OVERLAPS)); CREATE TABLE s (id bigint, k text, v daterange, FOREIGN KEY (id, PERIOD v) REFERENCES r, CONSTRAINT of_k FOREIGN KEY (k, PERIOD v) REFERENCES r (k, PERIOD v));
-- case: a partitioned table with rows gets an identity column (18)
CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p DEFAULT PARTITION BY LIST (a); CREATE TABLE p21 PARTITION OF p2 DEFAULT; INSERT INTO p VALUES (1), (2), (3);
-- after
CREATE TABLE p (a int, c int GENERATED ALWAYS AS IDENTITY (START WITH 7)) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p DEFAULT PARTITION BY LIST (a); CREATE TABLE p21 PARTITION OF p2 DEFAULT;
-- case: NOT NULLs are validated, and heirs come to have theirs (18)
CREATE TABLE t (b int); ALTER TABLE t ADD CONSTRAINT nn NOT NULL b NOT VALID; CREATE TABLE p (a int CONSTRAINT pnn NOT NULL NO INHERIT, b int); CREATE TABLE h () INHERITS (p); INSERT INTO h VALUES (1, 1);
-- after
CREATE TABLE t (b int CONSTRAINT nn NOT NULL); CREATE TABLE p (a int CONSTRAINT pnn NOT NULL, b int); CREATE TABLE h () INHERITS (p);
-- case: a foreign key that is not enforced changes when it would be checked, and whether (18)
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (a int CONSTRAINT a REFERENCES p DEFERRABLE NOT ENFORCED, b int CONSTRAINT b REFERENCES p DEFERRABLE, c int CONSTRAINT c REFERENCES p NOT ENFORCED, d int CONSTRAINT d REFERENCES p, e int CONSTRAINT e REFERENCES p DEFERRABLE NOT ENFORCED, f int); ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (f) REFERENCES p NOT VALID; CREATE TABLE r (a int CONSTRAINT a REFERENCES p DEFERRABLE) PARTITION BY LIST (a); CREATE TABLE r1 PARTITION OF r FOR VALUES IN (1);
-- after
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (a int CONSTRAINT a REFERENCES p NOT ENFORCED, b int CONSTRAINT b REFERENCES p NOT ENFORCED, c int CONSTRAINT c REFERENCES p DEFERRABLE INITIALLY DEFERRED NOT ENFORCED, d int CONSTRAINT d REFERENCES p NOT ENFORCED, e int CONSTRAINT e REFERENCES p, f int CONSTRAINT f REFERENCES p DEFERRABLE NOT ENFORCED); CREATE TABLE r (a int CONSTRAINT a REFERENCES p NOT ENFORCED) PARTITION BY LIST (a); CREATE TABLE r1 PARTITION OF r FOR VALUES IN (1);
-- case: a parent's NOT NULL comes to heirs that had their own (18)
CREATE TABLE base (n text CONSTRAINT n_req NOT NULL NO INHERIT, m text CONSTRAINT m_req NOT NULL NO INHERIT); CREATE TABLE kid () INHERITS (base); ALTER TABLE kid ADD CONSTRAINT kid_n NOT NULL n;
-- after
CREATE TABLE base (n text CONSTRAINT n_req NOT NULL, m text CONSTRAINT m_req NOT NULL); CREATE TABLE kid () INHERITS (base);

-- case: two columns change the names of their NOT NULLs with each other (18)
CREATE TABLE t (a int CONSTRAINT x NOT NULL, b int CONSTRAINT y NOT NULL);
-- after
CREATE TABLE t (a int CONSTRAINT y NOT NULL, b bigint CONSTRAINT x NOT NULL);

-- case: a virtual column is computed otherwise in tables with checks (18)
CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a + 1) VIRTUAL, CHECK (a > 0)); CREATE TABLE p (a int, g int GENERATED ALWAYS AS (a + 1) VIRTUAL); CREATE TABLE h (CHECK (a > 0)) INHERITS (p); CREATE VIEW v AS SELECT g FROM t; COMMENT ON COLUMN t.g IS 'x';
-- after
CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a + 2) VIRTUAL, CHECK (a > 0)); CREATE TABLE p (a int, g int GENERATED ALWAYS AS (a + 2) VIRTUAL); CREATE TABLE h (CHECK (a > 0)) INHERITS (p); CREATE VIEW v AS SELECT g FROM t; COMMENT ON COLUMN t.g IS 'x';
