-- case: functions, triggers, views
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE VIEW v AS SELECT a FROM t;
-- after
CREATE TABLE t (a int, b int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.b := 1; RETURN NEW; END $$;
CREATE TRIGGER tr BEFORE INSERT OR UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION f();
ALTER TABLE t DISABLE TRIGGER tr;
CREATE VIEW v WITH (security_barrier) AS SELECT a, b FROM t WITH LOCAL CHECK OPTION;
CREATE MATERIALIZED VIEW mv AS SELECT a, count(*) AS n FROM v GROUP BY a; CREATE UNIQUE INDEX ON mv (a);
-- case: a default calls a function that reads the table
-- after
CREATE TABLE t (a int);
CREATE FUNCTION next_a() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT max(a) + 1 FROM t; END;
ALTER TABLE t ALTER a SET DEFAULT next_a();
-- case: function face changes
CREATE FUNCTION f(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT a';
CREATE VIEW v AS SELECT f(1);
CREATE PROCEDURE p(INOUT x int) LANGUAGE plpgsql AS $$ BEGIN x := 1; END $$;
-- after
CREATE FUNCTION f(a int, c int DEFAULT 2) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS 'SELECT a::bigint';
CREATE VIEW v AS SELECT f(1);
CREATE PROCEDURE p(INOUT x int) LANGUAGE plpgsql SET search_path TO '' AS $$ BEGIN x := 2; END $$;
CREATE FUNCTION tab(n int) RETURNS TABLE (a int, b text) LANGUAGE sql AS 'SELECT 1, ''x''';
-- case: aggregates
-- after
CREATE FUNCTION acc(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE AGGREGATE total(int) (SFUNC = acc, STYPE = int, INITCOND = '0', PARALLEL = SAFE);
-- case: rules
CREATE TABLE t (a int); CREATE TABLE log (a int);
-- after
CREATE TABLE t (a int); CREATE TABLE log (a int);
CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (NEW.a); COMMENT ON RULE r ON t IS 'keeps a log';
-- case: views on views change below
CREATE TABLE t (a int, b text); CREATE VIEW v1 AS SELECT a, b FROM t; CREATE VIEW v2 AS SELECT a FROM v1; CREATE MATERIALIZED VIEW v3 AS SELECT a FROM v2; CREATE INDEX i3 ON v3 (a);
-- after
CREATE TABLE t (a bigint, b text); CREATE VIEW v1 AS SELECT b, a FROM t; CREATE VIEW v2 AS SELECT a FROM v1; CREATE MATERIALIZED VIEW v3 AS SELECT a FROM v2; CREATE INDEX i3 ON v3 (a);
-- case: extensions
-- after
CREATE EXTENSION pg_trgm; CREATE TABLE t (a text); CREATE INDEX i ON t USING gin (a gin_trgm_ops);
-- case: sequences
CREATE SEQUENCE s; CREATE TABLE t (a int);
-- after
CREATE SEQUENCE s AS int INCREMENT -2 CACHE 5 CYCLE; CREATE TABLE t (a int DEFAULT nextval('s')); ALTER SEQUENCE s OWNED BY t.a;
