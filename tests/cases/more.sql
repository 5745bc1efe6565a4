-- case: casts to and from domains, arrays, typmods
CREATE TABLE t (a text, b numeric(10,2), c timestamp, d text[], e json);
-- after
CREATE TABLE t (a integer, b numeric(12,4), c timestamptz(3), d varchar(5)[], e jsonb, f interval day to second(2), g bit(4), h "char", i bit varying(9), j time(2) with time zone);
-- case: defaults of all sorts
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int DEFAULT -1, b text DEFAULT 'it''s', c date DEFAULT CURRENT_DATE, d interval DEFAULT '1 day 02:00:00', e text[] DEFAULT '{a,"b c"}', f jsonb DEFAULT '{"a": 1}', g uuid DEFAULT gen_random_uuid(), h numeric DEFAULT 1.50, i boolean DEFAULT (NOT true), j timestamp DEFAULT (now() AT TIME ZONE 'utc'), k text DEFAULT NULL, l int DEFAULT (1 + 2) * 3, m bytea DEFAULT '\x00ff', n text DEFAULT E'a\nb', o text DEFAULT current_setting('x.y', true), p point DEFAULT '(1,2)');
-- case: index varieties (15)
CREATE TABLE t (a int, b text, c int[], d tsvector, e jsonb); CREATE INDEX keep ON t (a);
-- after
CREATE TABLE t (a int, b text, c int[], d tsvector, e jsonb); CREATE INDEX keep ON t (a);
CREATE INDEX i1 ON t USING gin (c, d) WITH (fastupdate = off); CREATE INDEX i2 ON t USING brin (a) WITH (pages_per_range = 4); CREATE INDEX i3 ON t USING hash (b); CREATE UNIQUE INDEX i4 ON t (a, lower(b)) INCLUDE (c) WHERE a > 0 AND b IS NOT NULL;
CREATE INDEX i5 ON t (b text_pattern_ops DESC NULLS LAST, (e ->> 'x') COLLATE "C"); CREATE INDEX i6 ON t USING gin (e jsonb_path_ops); CREATE UNIQUE INDEX i7 ON t (a) NULLS NOT DISTINCT; ALTER INDEX i4 ALTER COLUMN 2 SET STATISTICS 500; CREATE INDEX i8 ON t ((a + 1), (b || 'x')); COMMENT ON INDEX i1 IS 'words';
-- case: index options change in place
CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a) WITH (fillfactor = 70); CREATE INDEX j ON t (b);
-- after
CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a) WITH (fillfactor = 80); CREATE INDEX j ON t (b, a);
-- case: comments on everything
CREATE TABLE t (a int PRIMARY KEY); CREATE SCHEMA s;
-- after
CREATE TABLE t (a int PRIMARY KEY, CONSTRAINT c CHECK (a > 0)); CREATE SCHEMA s; COMMENT ON SCHEMA s IS 's'; COMMENT ON CONSTRAINT c ON t IS 'c'; COMMENT ON CONSTRAINT t_pkey ON t IS 'pk';
CREATE DOMAIN d AS int CONSTRAINT dc CHECK (VALUE > 0); COMMENT ON CONSTRAINT dc ON DOMAIN d IS 'dc'; COMMENT ON DOMAIN d IS 'd'; CREATE TYPE e AS ENUM ('a'); COMMENT ON TYPE e IS 'e'; CREATE TYPE c AS (x int); COMMENT ON COLUMN c.x IS 'x';
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; COMMENT ON FUNCTION f(int) IS 'f'; CREATE PROCEDURE p() LANGUAGE sql AS ''; COMMENT ON PROCEDURE p() IS 'p'; CREATE SEQUENCE q; COMMENT ON SEQUENCE q IS 'q'; CREATE VIEW v AS SELECT a FROM t; COMMENT ON VIEW v IS 'v'; CREATE MATERIALIZED VIEW m AS SELECT a FROM t; COMMENT ON MATERIALIZED VIEW m IS 'm'; COMMENT ON COLUMN m.a IS 'ma';
CREATE POLICY pp ON t USING (true); COMMENT ON POLICY pp ON t IS 'pp'; CREATE STATISTICS st ON a, (a + 1) FROM t; COMMENT ON STATISTICS st IS 'st'; CREATE AGGREGATE ag(int) (SFUNC = int4pl, STYPE = int); COMMENT ON AGGREGATE ag(int) IS 'ag';
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; CREATE CONSTRAINT TRIGGER ct AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tf(); COMMENT ON TRIGGER ct ON t IS 'ct'; ALTER TABLE t ENABLE ALWAYS TRIGGER ct;
-- case: triggers with transition tables and arguments
CREATE TABLE t (a int, b int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; CREATE TRIGGER x AFTER UPDATE ON t FOR EACH STATEMENT EXECUTE FUNCTION f();
-- after
CREATE TABLE t (a int, b int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; CREATE TRIGGER x AFTER UPDATE ON t REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION f('a', 'b c'); CREATE TRIGGER y BEFORE TRUNCATE ON t EXECUTE FUNCTION f();
-- case: generated columns change
CREATE TABLE t (a int, b int, g int GENERATED ALWAYS AS (a + b) STORED, h int GENERATED ALWAYS AS (a) STORED, i int); CREATE INDEX x ON t (g); CREATE VIEW v AS SELECT g FROM t;
-- after
CREATE TABLE t (a int, b int, g int GENERATED ALWAYS AS (a - b) STORED, h int, i int GENERATED ALWAYS AS (b) STORED); CREATE INDEX x ON t (g); CREATE VIEW v AS SELECT g FROM t;
-- case: aggregates of all sorts
-- after
CREATE FUNCTION s(internal, anyelement) RETURNS internal LANGUAGE internal AS 'ordered_set_transition';
CREATE AGGREGATE mypct(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE AGGREGATE mysum(numeric) (SFUNC = numeric_avg_accum, STYPE = internal, FINALFUNC = numeric_sum, COMBINEFUNC = numeric_avg_combine, SERIALFUNC = numeric_avg_serialize, DESERIALFUNC = numeric_avg_deserialize, MSFUNC = numeric_avg_accum, MINVFUNC = numeric_accum_inv, MSTYPE = internal, MFINALFUNC = numeric_sum, PARALLEL = SAFE);
CREATE AGGREGATE mymin(int) (SFUNC = int4smaller, STYPE = int, SORTOP = <); CREATE AGGREGATE cnt(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0'); CREATE AGGREGATE vari(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
-- case: functions in full
-- after
CREATE FUNCTION a(IN x int, OUT y int, INOUT z text DEFAULT 'q', VARIADIC r int[] DEFAULT '{}') LANGUAGE plpgsql STABLE SECURITY DEFINER LEAKPROOF PARALLEL SAFE COST 5 SET search_path TO 'public', 'pg_temp' SET work_mem TO '1MB' AS $f$ BEGIN y := 1; END $f$;
CREATE FUNCTION b() RETURNS SETOF record LANGUAGE sql ROWS 7 AS $$ SELECT 1, 2 $$; CREATE FUNCTION c(anyelement, anyarray) RETURNS anyelement LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1';
CREATE FUNCTION d(int) RETURNS void LANGUAGE plpgsql AS $$ begin perform 1; -- done
end $$; CREATE PROCEDURE e(a int, OUT b int) LANGUAGE plpgsql AS $$ BEGIN b := a; END $$;
-- case: tables made of types and rows
CREATE TYPE ty AS (a int, b text);
-- after
CREATE TYPE ty AS (a int, b text); CREATE TABLE o OF ty (a WITH OPTIONS NOT NULL DEFAULT 3, PRIMARY KEY (a)); CREATE TABLE r (x o, y ty[]); CREATE FUNCTION f(o) RETURNS int LANGUAGE sql AS 'SELECT ($1).a';
-- case: unique to primary and back, shared names
CREATE TABLE t (a int NOT NULL UNIQUE, b int); CREATE UNIQUE INDEX ux ON t (b); CREATE TABLE f (x int REFERENCES t (a));
-- after
CREATE TABLE t (a int PRIMARY KEY, b int, CONSTRAINT ux UNIQUE (b)); CREATE TABLE f (x int REFERENCES t (a));
-- case: sequences owned elsewhere
CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE SEQUENCE s OWNED BY a.id;
-- after
CREATE TABLE a (id int DEFAULT 1); CREATE TABLE b (id int); CREATE SEQUENCE s OWNED BY b.id; ALTER TABLE b ALTER id SET DEFAULT nextval('s');
-- case: many schemas with the same names
CREATE SCHEMA x; CREATE TABLE x.t (a int);
-- after
CREATE SCHEMA x; CREATE SCHEMA y; CREATE TABLE x.t (a int PRIMARY KEY); CREATE TABLE y.t (a int REFERENCES x.t, CONSTRAINT k CHECK (a > 1)); CREATE VIEW public.t AS SELECT y.t.a AS ya, x.t.a AS xa FROM x.t JOIN y.t USING (a); CREATE TYPE y.e AS ENUM ('q'); CREATE FUNCTION x.f(y.e) RETURNS y.e LANGUAGE sql AS 'SELECT $1';
-- case: rules of all sorts
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;
-- after
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE RULE r AS ON DELETE TO t WHERE old.a > 1 DO INSTEAD NOTHING; CREATE RULE ins AS ON INSERT TO v DO INSTEAD (INSERT INTO t VALUES (new.a); SELECT 1); ALTER TABLE t DISABLE RULE r;
-- case: a column moves through types with everything on it
CREATE TABLE t (id int PRIMARY KEY, s text DEFAULT '1', CHECK (s <> '')); CREATE INDEX i ON t (s); CREATE VIEW v AS SELECT s FROM t; CREATE MATERIALIZED VIEW m AS SELECT s FROM v; CREATE STATISTICS st ON id, s FROM t; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER tr BEFORE UPDATE OF s ON t FOR EACH ROW EXECUTE FUNCTION tf(); CREATE POLICY p ON t USING (s IS NOT NULL);
-- after
CREATE TABLE t (id int PRIMARY KEY, s int DEFAULT 1, CHECK (s <> 0)); CREATE INDEX i ON t (s); CREATE VIEW v AS SELECT s FROM t; CREATE MATERIALIZED VIEW m AS SELECT s FROM v; CREATE STATISTICS st ON id, s FROM t; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER tr BEFORE UPDATE OF s ON t FOR EACH ROW EXECUTE FUNCTION tf(); CREATE POLICY p ON t USING (s IS NOT NULL);
