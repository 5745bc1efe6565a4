-- case: every storage parameter of a table and its toast comes, changes and goes
CREATE TABLE t (a text) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 10, toast.autovacuum_vacuum_threshold = 20, parallel_workers = 2); CREATE TABLE u (a text);
-- after
CREATE TABLE t (a text) WITH (fillfactor = 60, autovacuum_analyze_scale_factor = 0.1, toast.autovacuum_enabled = false); CREATE TABLE u (a text) WITH (parallel_workers = 4, user_catalog_table = true, vacuum_truncate = off, vacuum_index_cleanup = auto, log_autovacuum_min_duration = 100, toast_tuple_target = 4080, autovacuum_freeze_max_age = 1000000);
-- case: an unlogged table becomes one that others refer to
CREATE UNLOGGED TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int); CREATE MATERIALIZED VIEW m AS SELECT id FROM a;
-- after
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a); CREATE MATERIALIZED VIEW m AS SELECT id FROM a;
-- case: an access method of tables comes and goes
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler; CREATE TABLE a (x int) USING heap2; CREATE TABLE b (x int); CREATE MATERIALIZED VIEW m USING heap2 AS SELECT 1 AS x;
-- after
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler; CREATE TABLE a (x int); CREATE TABLE b (x int) USING heap2; CREATE MATERIALIZED VIEW m AS SELECT 1 AS x; CREATE MATERIALIZED VIEW n USING heap2 AS SELECT 1 AS x;
-- case: a table becomes a foreign one, a foreign one a table
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE TABLE a (x int, y text DEFAULT 'q'); CREATE FOREIGN TABLE b (x int, y text DEFAULT 'q') SERVER s; CREATE VIEW v AS SELECT a.x FROM a, b;
-- after
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE a (x int, y text DEFAULT 'q') SERVER s; CREATE TABLE b (x int, y text DEFAULT 'q'); CREATE VIEW v AS SELECT a.x FROM a, b;
-- case: extended statistics of every kind, expression and target
CREATE TABLE t (a int, b int, c text); CREATE STATISTICS s1 (ndistinct) ON a, b FROM t; CREATE STATISTICS s2 ON (a + b), c FROM t; CREATE STATISTICS s3 ON a, b FROM t; ALTER STATISTICS s3 SET STATISTICS 10;
-- after
CREATE TABLE t (a int, b int, c text); CREATE STATISTICS s1 (ndistinct, dependencies, mcv) ON a, b FROM t; CREATE STATISTICS s2 ON (a + b), (lower(c)) FROM t; CREATE STATISTICS s3 ON a, b FROM t; CREATE SCHEMA s; CREATE STATISTICS s."S 4" (mcv) ON a, c FROM t; ALTER STATISTICS s."S 4" SET STATISTICS 0; COMMENT ON STATISTICS s."S 4" IS 'x';
-- case: a column goes that one of several statistics reads, another is retyped
CREATE TABLE t (b int, c int, a int); CREATE STATISTICS s1 ON a, b FROM t; CREATE STATISTICS s2 ON b, c FROM t; ALTER STATISTICS s2 SET STATISTICS 5; COMMENT ON STATISTICS s2 IS 's2';
-- after
CREATE TABLE t (b bigint, c int); CREATE STATISTICS s2 ON b, c FROM t; ALTER STATISTICS s2 SET STATISTICS 5; COMMENT ON STATISTICS s2 IS 's2';
-- case: a table is in another schema with all that hangs on it
CREATE SCHEMA s; CREATE TABLE t (id serial PRIMARY KEY, a int CHECK (a > 0), up int REFERENCES t); CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE POLICY p ON t USING (true);
-- after
CREATE SCHEMA s; CREATE TABLE s.t (id serial PRIMARY KEY, a int CHECK (a > 0), up int REFERENCES s.t); CREATE INDEX i ON s.t (a); CREATE VIEW v AS SELECT a FROM s.t; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER tr BEFORE INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION f(); CREATE POLICY p ON s.t USING (true);
-- case: comments with quotes, lines and other letters come, change and go
CREATE TABLE t (a int); COMMENT ON TABLE t IS 'one'; COMMENT ON COLUMN t.a IS 'gone';
-- after
CREATE TABLE t (a int, b int); COMMENT ON TABLE t IS E'it''s\non two lines \\ with "quotes"\tand tabs'; COMMENT ON COLUMN t.b IS 'ünï 🦀 -- not a comment; /* nor this */ $$ $1';
-- case: everything that a table can have is dropped with it
CREATE TABLE k (id int PRIMARY KEY); CREATE TABLE t (id serial PRIMARY KEY, a int DEFAULT 1 CHECK (a > 0) REFERENCES k, g int GENERATED ALWAYS AS (a) STORED, i int GENERATED ALWAYS AS IDENTITY, EXCLUDE USING btree (a WITH =)); CREATE INDEX ON t (a); CREATE STATISTICS s ON a, g FROM t; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING; CREATE POLICY p ON t USING (true); CREATE PUBLICATION pu FOR TABLE t; GRANT SELECT (a) ON t TO PUBLIC; COMMENT ON COLUMN t.a IS 'a'; CREATE VIEW v AS SELECT * FROM t; CREATE TABLE r (t int REFERENCES t);
-- after
CREATE TABLE k (id int PRIMARY KEY); CREATE TABLE r (t int); CREATE PUBLICATION pu;
-- case: tables of many types of columns
CREATE TABLE t (a int);
-- after
CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE TABLE t (a int, b "char", c name, d oid, e regclass, f regproc, g xid8, h pg_lsn, i macaddr8, j tsquery, k txid_snapshot, l int2vector, m oidvector, n jsonpath, o box[], p path, q polygon, r lseg, s line, t circle, u money, v bit varying, w numeric(1000, 10), x interval year to month, y timestamptz(0)[], z hstore, aa citext[], bb int4multirange, cc time with time zone, dd bpchar, ee character varying(1)[][], ff "pg_catalog"."text", gg cid, hh tid, ii aclitem, jj pg_snapshot);
-- case: a table is changed in every way at once
CREATE TABLE t (id serial PRIMARY KEY, a varchar(5) DEFAULT 'x', b int NOT NULL, c int, d text COLLATE "C", CONSTRAINT ch CHECK (b > 0), UNIQUE (c)) WITH (fillfactor = 80); CREATE INDEX i ON t (a); COMMENT ON TABLE t IS 'one'; ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (b > 0);
-- after
CREATE UNLOGGED TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text NOT NULL, b int DEFAULT 5, d text, e jsonb DEFAULT '{}' NOT NULL, f int GENERATED ALWAYS AS (b + 1) STORED, CONSTRAINT ch CHECK (b > 1 OR a = 'y'), UNIQUE (a, b)) WITH (autovacuum_enabled = off); CREATE UNIQUE INDEX i ON t (lower(a), e) WHERE b > 0; COMMENT ON TABLE t IS 'two'; COMMENT ON COLUMN t.e IS 'e'; CREATE POLICY p ON t AS RESTRICTIVE FOR UPDATE USING (b > 0 AND d IS NOT NULL); ALTER TABLE t ALTER a SET STORAGE EXTERNAL, ALTER b SET STATISTICS 50; ALTER TABLE t REPLICA IDENTITY FULL;
