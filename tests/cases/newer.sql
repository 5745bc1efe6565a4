-- case: not null by name (18)
CREATE TABLE t (a int CONSTRAINT a_is_there NOT NULL, b int NOT NULL, c int, d int NOT NULL); CREATE TABLE p (x int CONSTRAINT xx NOT NULL) PARTITION BY LIST (x); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- after
CREATE TABLE t (a int NOT NULL, b int CONSTRAINT bb NOT NULL, c int, d int, e int CONSTRAINT e_set NOT NULL NO INHERIT); ALTER TABLE t ADD CONSTRAINT c_later NOT NULL c NOT VALID; CREATE TABLE p (x int CONSTRAINT yy NOT NULL) PARTITION BY LIST (x); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
-- case: not valid not null is validated, inherit changes (18)
CREATE TABLE t (a int, b int CONSTRAINT bn NOT NULL NO INHERIT, c int CONSTRAINT cn NOT NULL); ALTER TABLE t ADD CONSTRAINT an NOT NULL a NOT VALID;
-- after
CREATE TABLE t (a int CONSTRAINT an NOT NULL, b int CONSTRAINT bn NOT NULL, c int); ALTER TABLE t ADD CONSTRAINT cn2 NOT NULL c NOT VALID;
-- case: virtual generated columns (18)
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL, c int GENERATED ALWAYS AS (a * 3) STORED, d int);
-- after
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 4) VIRTUAL, c int GENERATED ALWAYS AS (a * 3) VIRTUAL, d int GENERATED ALWAYS AS (a + 1), CHECK (b > 0));
-- case: without overlaps and period (18)
CREATE TABLE t (id int4range, valid daterange); CREATE TABLE u (id int4range, valid daterange, t_id int4range);
-- after
CREATE TABLE t (id int4range, valid daterange, PRIMARY KEY (id, valid WITHOUT OVERLAPS)); CREATE TABLE u (id int4range, valid daterange, t_id int4range, UNIQUE (id, valid WITHOUT OVERLAPS), FOREIGN KEY (t_id, PERIOD valid) REFERENCES t (id, PERIOD valid));
-- case: constraints that are not enforced (18)
CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (a int, b int REFERENCES t, CONSTRAINT c CHECK (a > 0), CONSTRAINT d CHECK (a > 1) NOT ENFORCED);
-- after
CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (a int REFERENCES t NOT ENFORCED, b int REFERENCES t NOT ENFORCED, CONSTRAINT c CHECK (a > 0) NOT ENFORCED, CONSTRAINT d CHECK (a > 1));
-- case: publications of generated columns (18)
CREATE TABLE t (a int PRIMARY KEY, b int GENERATED ALWAYS AS (a) STORED); CREATE PUBLICATION p FOR TABLE t;
-- after
CREATE TABLE t (a int PRIMARY KEY, b int GENERATED ALWAYS AS (a) STORED); CREATE PUBLICATION p FOR TABLE t WITH (publish_generated_columns = stored);
-- case: an expression of a generated column is set (17)
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED); CREATE VIEW v AS SELECT b FROM t; CREATE INDEX i ON t (b);
-- after
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 3) STORED); CREATE VIEW v AS SELECT b FROM t; CREATE INDEX i ON t (b);
-- case: identity of partitioned tables, access methods of theirs (17)
CREATE TABLE p (x int, id int) PARTITION BY LIST (x); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- after
CREATE TABLE p (x int, id int GENERATED ALWAYS AS IDENTITY) PARTITION BY LIST (x) USING heap; CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
-- case: collations of the built-in provider (17)
CREATE COLLATION c (provider = builtin, locale = 'C.UTF-8');
-- after
CREATE COLLATION c (provider = builtin, locale = 'C'); CREATE TABLE t (a text COLLATE c);
-- case: a rule that merges (17)
CREATE TABLE t (a int, b text); CREATE TABLE u (a int, b text);
-- after
CREATE TABLE t (a int, b text); CREATE TABLE u (a int, b text); CREATE FUNCTION f() RETURNS void BEGIN ATOMIC MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN UPDATE SET b = u.b WHEN NOT MATCHED BY SOURCE THEN DELETE; END;
-- case: the column of a partition key is retyped
CREATE TABLE t (a int, b text) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); CREATE INDEX i ON t (b);
-- after
CREATE TABLE t (a bigint, b text) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); CREATE INDEX i ON t (b);
-- case: a check's name becomes a not null's, and a foreign key's (18)
CREATE TABLE t (b int, a int, CONSTRAINT y CHECK (b > 0)); CREATE TABLE o (i int PRIMARY KEY); CREATE TABLE u (a int CONSTRAINT u_a_not_null REFERENCES o); CREATE DOMAIN d AS int CONSTRAINT y CHECK (VALUE > 0);
-- after
CREATE TABLE t (b int, a int CONSTRAINT y NOT NULL, CONSTRAINT x CHECK (b > 0)); CREATE TABLE o (i int PRIMARY KEY); CREATE TABLE u (a int NOT NULL REFERENCES o); CREATE DOMAIN d AS int CONSTRAINT y NOT NULL CONSTRAINT x CHECK (VALUE > 0);
-- case: what is said about the not null of a domain (18)
CREATE DOMAIN d AS int NOT NULL; COMMENT ON CONSTRAINT d_not_null ON DOMAIN d IS 'x'; CREATE DOMAIN e AS int CONSTRAINT e1 NOT NULL; CREATE DOMAIN f AS int; CREATE TABLE t (a d);
-- after
CREATE DOMAIN d AS bigint NOT NULL; COMMENT ON CONSTRAINT d_not_null ON DOMAIN d IS 'y'; CREATE DOMAIN e AS int CONSTRAINT e2 NOT NULL; COMMENT ON CONSTRAINT e2 ON DOMAIN e IS 'e'; CREATE DOMAIN f AS int NOT NULL; COMMENT ON CONSTRAINT f_not_null ON DOMAIN f IS 'f'; CREATE TABLE t (a d);
-- case: not null of foreign tables and of tables made of a type (18)
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f (a int CONSTRAINT fa NOT NULL) SERVER s; CREATE TYPE ty AS (a int); CREATE TABLE t OF ty (a WITH OPTIONS CONSTRAINT one NOT NULL);
-- after
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f (a int CONSTRAINT fa NOT NULL NO INHERIT) SERVER s; CREATE TYPE ty AS (a int); CREATE TABLE t OF ty (a WITH OPTIONS CONSTRAINT two NOT NULL);
-- case: a tree of partitions with an identity column changes in the middle (17)
CREATE TABLE m (id bigint GENERATED ALWAYS AS IDENTITY, r text, y int) PARTITION BY LIST (r); CREATE TABLE m_eu PARTITION OF m FOR VALUES IN ('eu') PARTITION BY RANGE (y); CREATE TABLE m_eu_24 PARTITION OF m_eu FOR VALUES FROM (2024) TO (2025); CREATE TABLE m_us PARTITION OF m FOR VALUES IN ('us') PARTITION BY RANGE (y); CREATE TABLE m_us_24 PARTITION OF m_us FOR VALUES FROM (2024) TO (2025); INSERT INTO m (r, y) VALUES ('eu', 2024), ('us', 2024); CREATE TABLE n (id bigint NOT NULL, r text, y int) PARTITION BY LIST (r); CREATE TABLE n_eu PARTITION OF n FOR VALUES IN ('eu') PARTITION BY RANGE (y); CREATE TABLE n_eu_24 PARTITION OF n_eu FOR VALUES FROM (2024) TO (2025);
-- after
CREATE TABLE m (id bigint GENERATED ALWAYS AS IDENTITY, r text, y int) PARTITION BY LIST (r); CREATE TABLE m_eu PARTITION OF m FOR VALUES IN ('eu', 'uk') PARTITION BY RANGE (y); CREATE TABLE m_eu_24 PARTITION OF m_eu FOR VALUES FROM (2024) TO (2025); CREATE TABLE m_us (id bigint NOT NULL, r text, y int) PARTITION BY RANGE (y); CREATE TABLE m_us_24 PARTITION OF m_us FOR VALUES FROM (2024) TO (2025); CREATE TABLE n (id bigint GENERATED ALWAYS AS IDENTITY, r text, y int) PARTITION BY LIST (r); CREATE TABLE n_eu PARTITION OF n FOR VALUES IN ('eu', 'uk') PARTITION BY RANGE (y); CREATE TABLE n_eu_24 PARTITION OF n_eu FOR VALUES FROM (2024) TO (2025);
-- case: a generated column of a type that becomes one of another kind (17)
CREATE TYPE c AS (a int); CREATE TYPE d AS ENUM ('a'); CREATE TABLE t (j int, k c GENERATED ALWAYS AS (NULL::c) STORED, l d GENERATED ALWAYS AS (NULL::d) STORED);
-- after
CREATE DOMAIN c AS int; CREATE DOMAIN d AS text; CREATE TABLE t (j int, k c GENERATED ALWAYS AS (NULL::c) STORED, l d GENERATED ALWAYS AS (NULL::d) STORED);
