-- case: every attribute of a function on its own
CREATE FUNCTION a() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION b() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION c() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION d() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION e() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION g() RETURNS SETOF int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION h() RETURNS int LANGUAGE sql SET work_mem = '1MB' AS 'SELECT 1';
-- after
CREATE FUNCTION a() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1'; CREATE FUNCTION b() RETURNS int LANGUAGE sql STRICT AS 'SELECT 1'; CREATE FUNCTION c() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; CREATE FUNCTION d() RETURNS int LANGUAGE sql LEAKPROOF AS 'SELECT 1'; CREATE FUNCTION e() RETURNS int LANGUAGE sql PARALLEL SAFE AS 'SELECT 1'; CREATE FUNCTION f() RETURNS int LANGUAGE sql COST 7 AS 'SELECT 1'; CREATE FUNCTION g() RETURNS SETOF int LANGUAGE sql ROWS 5 AS 'SELECT 1'; CREATE FUNCTION h() RETURNS int LANGUAGE sql SET work_mem = '2MB' SET search_path = a, "B c", pg_temp SET datestyle TO 'ISO', 'MDY' SET timezone TO 'UTC' AS 'SELECT 1';
-- case: a function changes its language
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a'; CREATE VIEW v AS SELECT f(1) AS x;
-- after
CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$; CREATE VIEW v AS SELECT f(1) AS x;
-- case: a function's body becomes one of the standard and back
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a + 1'; CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql RETURN a + 1;
-- after
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql RETURN a + 1; CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql AS 'SELECT a + 1';
-- case: overloads come, go and change one by one
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 2'; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 3'; COMMENT ON FUNCTION f(int) IS 'one';
-- after
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 10'; CREATE FUNCTION f(text, int) RETURNS int LANGUAGE sql AS 'SELECT 2'; CREATE FUNCTION f(int[]) RETURNS int LANGUAGE sql AS 'SELECT 4'; COMMENT ON FUNCTION f(int) IS 'two'; COMMENT ON FUNCTION f(int[]) IS 'four';
-- case: an argument is renamed under a view and a default
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT $1'; CREATE VIEW v AS SELECT f(1) AS x; CREATE TABLE t (b int DEFAULT f(2)); GRANT EXECUTE ON FUNCTION f(int) TO pg_monitor; COMMENT ON FUNCTION f(int) IS 'f';
-- after
CREATE FUNCTION f(z int) RETURNS int LANGUAGE sql AS 'SELECT $1'; CREATE VIEW v AS SELECT f(1) AS x; CREATE TABLE t (b int DEFAULT f(2)); GRANT EXECUTE ON FUNCTION f(int) TO pg_monitor; COMMENT ON FUNCTION f(int) IS 'f';
-- case: an argument gets a name, another loses it
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1'; CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql AS 'SELECT $1';
-- after
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT $1'; CREATE FUNCTION g(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
-- case: defaults of arguments come, change and go under a view that leaves them out
CREATE FUNCTION f(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT a + b'; CREATE VIEW v AS SELECT f(1) AS x; CREATE FUNCTION g(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT a';
-- after
CREATE FUNCTION f(a int DEFAULT 5, b int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT a + b'; CREATE VIEW v AS SELECT f(1) AS x; CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
-- case: a result becomes a set, a table, a record, nothing
CREATE FUNCTION a() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION b() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION c(OUT x int) LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION d() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT a() AS x;
-- after
CREATE FUNCTION a() RETURNS SETOF int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION b() RETURNS TABLE (x int, y text) LANGUAGE sql AS $$ SELECT 1, 'a' $$; CREATE FUNCTION c(OUT x int, OUT y int) LANGUAGE sql AS 'SELECT 1, 2'; CREATE FUNCTION d() RETURNS void LANGUAGE sql AS ''; CREATE VIEW v AS SELECT a() AS x;
-- case: the columns of a table that a function returns change under a view
CREATE FUNCTION f() RETURNS TABLE (a int, b text) LANGUAGE sql AS $$ SELECT 1, 'x' $$; CREATE VIEW v AS SELECT a FROM f(); CREATE VIEW w AS SELECT * FROM v;
-- after
CREATE FUNCTION f() RETURNS TABLE (a int, b text, c date) LANGUAGE sql AS $$ SELECT 1, 'x', NULL::date $$; CREATE VIEW v AS SELECT a FROM f(); CREATE VIEW w AS SELECT * FROM v;
-- case: a function becomes a procedure, an aggregate, and back
CREATE FUNCTION a(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE b() LANGUAGE sql AS ''; CREATE AGGREGATE c(int) (SFUNC = int4pl, STYPE = int);
-- after
CREATE AGGREGATE a(int) (SFUNC = int4pl, STYPE = int); CREATE FUNCTION b() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE c(int) LANGUAGE sql AS '';
-- case: procedures with every sort of argument
CREATE PROCEDURE p(a int, INOUT b int) LANGUAGE plpgsql AS $$ BEGIN b := a; END $$;
-- after
CREATE PROCEDURE p(a int, INOUT b int, VARIADIC c text[] DEFAULT '{}') LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN b := a + 1; END $$; CREATE PROCEDURE q(OUT x int, IN y int DEFAULT 3) LANGUAGE plpgsql AS $$ BEGIN x := y; END $$; COMMENT ON PROCEDURE q(int) IS 'q'; GRANT EXECUTE ON PROCEDURE q(int) TO pg_monitor; CREATE PROCEDURE r() BEGIN ATOMIC SELECT 1; END;
-- case: functions call each other in circles and in bodies of the standard
CREATE FUNCTION keep() RETURNS int LANGUAGE sql AS 'SELECT 1';
-- after
CREATE FUNCTION keep() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION z() RETURNS int LANGUAGE sql RETURN keep() + 1; CREATE FUNCTION y() RETURNS int LANGUAGE sql RETURN z() + 1; CREATE FUNCTION a() RETURNS int LANGUAGE sql RETURN y() + z(); CREATE FUNCTION even(n int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN n = 0 OR odd(n - 1); END $$; CREATE FUNCTION odd(n int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN n <> 0 AND even(n - 1); END $$;
-- case: a function inside a chain of standard bodies changes its result
CREATE FUNCTION a() RETURNS int LANGUAGE sql RETURN 1; CREATE FUNCTION b() RETURNS int LANGUAGE sql RETURN a() + 1; CREATE FUNCTION c() RETURNS int LANGUAGE sql RETURN b() + 1; CREATE TABLE t (x int DEFAULT c());
-- after
CREATE FUNCTION a() RETURNS bigint LANGUAGE sql RETURN 1::bigint; CREATE FUNCTION b() RETURNS int LANGUAGE sql RETURN (a() + 1)::int; CREATE FUNCTION c() RETURNS int LANGUAGE sql RETURN b() + 1; CREATE TABLE t (x int DEFAULT c());
-- case: a body of the standard inserts, updates and deletes
CREATE TABLE t (a int, b text);
-- after
CREATE TABLE t (a int, b text); CREATE FUNCTION f(x int) RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (x, 'a'); UPDATE t SET b = 'b' WHERE a = x; DELETE FROM t WHERE a < x; WITH q AS (INSERT INTO t SELECT x, 'c' RETURNING *) SELECT * FROM q; END;
-- case: a column goes that a body of the standard reads, and the body with it
CREATE TABLE t (a int, b int); CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a + b FROM t; END; CREATE VIEW v AS SELECT f() AS x;
-- after
CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a FROM t; END; CREATE VIEW v AS SELECT f() AS x;
-- case: bodies with quotes of every kind
CREATE FUNCTION a() RETURNS text LANGUAGE sql AS 'SELECT ''it''''s''';
-- after
CREATE FUNCTION a() RETURNS text LANGUAGE sql AS $q$ SELECT $$a$$ || '$function$' || E'\n\t\\' $q$; CREATE FUNCTION b() RETURNS text LANGUAGE plpgsql AS $body$
DECLARE
	x text := 'tab';  -- trailing blanks   
BEGIN
    RETURN $x$ $function$ $x$ || x;
END;
$body$; CREATE FUNCTION c() RETURNS void LANGUAGE sql AS ''; CREATE FUNCTION "D d"("A a" text DEFAULT 'it''s', "é" int DEFAULT 1) RETURNS text LANGUAGE sql AS 'SELECT "A a"';
-- case: arguments of table types, arrays, ranges, domains, modes
CREATE TABLE t (a int, b text);
-- after
CREATE TABLE t (a int, b text); CREATE DOMAIN d AS numeric(5,2); CREATE TYPE e AS ENUM ('x', 'y'); CREATE FUNCTION f(a t, b t[], c d, d e DEFAULT 'x', e e[] DEFAULT '{x,y}', f int4range DEFAULT '[1,2)', g numeric DEFAULT 1.50, h interval DEFAULT '1 day', i jsonb DEFAULT '{}', j text DEFAULT NULL, k timestamptz DEFAULT now(), l "char" DEFAULT 'c', m bit(3) DEFAULT B'101') RETURNS d LANGUAGE sql AS 'SELECT c';
-- case: functions of pseudotypes
CREATE FUNCTION a(anyelement) RETURNS anyelement LANGUAGE sql AS 'SELECT $1';
-- after
CREATE FUNCTION a(anycompatible, anycompatible) RETURNS anycompatible LANGUAGE sql AS 'SELECT $2'; CREATE FUNCTION b(VARIADIC "any") RETURNS int LANGUAGE internal AS 'pg_num_nulls'; CREATE FUNCTION c(anyrange) RETURNS anymultirange LANGUAGE sql AS 'SELECT NULL'; CREATE FUNCTION d() RETURNS record LANGUAGE sql AS 'SELECT 1, 2'; CREATE FUNCTION e(anyenum) RETURNS anyarray LANGUAGE sql AS 'SELECT enum_range($1)'; CREATE FUNCTION f(anynonarray, VARIADIC anyarray) RETURNS anyelement LANGUAGE sql AS 'SELECT $1'; CREATE FUNCTION g(refcursor) RETURNS SETOF record LANGUAGE sql AS 'SELECT 1, 2';
-- case: a window function, a support function, a C function
CREATE FUNCTION keep() RETURNS int LANGUAGE sql AS 'SELECT 1';
-- after
CREATE FUNCTION keep() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION rownum() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number'; CREATE FUNCTION series(int, int) RETURNS SETOF int LANGUAGE internal STRICT IMMUTABLE SUPPORT generate_series_int4_support AS 'generate_series_int4'; CREATE FUNCTION handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
-- case: a function's owner, privileges and comment
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION f() FROM PUBLIC; COMMENT ON FUNCTION f() IS 'one'; CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1';
-- after
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION f() TO pg_monitor WITH GRANT OPTION; COMMENT ON FUNCTION f() IS 'two'; CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION g() OWNER TO pg_monitor;
-- case: what a function is called by depends on the schema
CREATE SCHEMA s; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 2'; CREATE VIEW v AS SELECT f() AS x;
-- after
CREATE SCHEMA s; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION s.f() RETURNS bigint LANGUAGE sql AS 'SELECT 2::bigint'; CREATE VIEW v AS SELECT s.f() AS x;
-- case: a body that looks for its tables along the path
CREATE SCHEMA s; CREATE TABLE s.t (a int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SET search_path = s AS 'SELECT count(*) FROM t';
-- after
CREATE SCHEMA s; CREATE TABLE s.t (a int, b int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SET search_path = s, public AS 'SELECT count(b) FROM t'; CREATE FUNCTION s.g() RETURNS bigint LANGUAGE plpgsql SET search_path FROM CURRENT AS 'BEGIN RETURN (SELECT count(*) FROM missing); END';
-- case: a function that a check, an index, a generated column and a policy call gets another cost and body
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE TABLE t (a int CHECK (f(a) > 0), b int GENERATED ALWAYS AS (f(a)) STORED); CREATE INDEX i ON t (f(a)); CREATE POLICY p ON t USING (f(a) > 1);
-- after
CREATE FUNCTION f(int) RETURNS int LANGUAGE plpgsql IMMUTABLE COST 1 AS 'BEGIN RETURN $1; END'; CREATE TABLE t (a int CHECK (f(a) > 0), b int GENERATED ALWAYS AS (f(a)) STORED); CREATE INDEX i ON t (f(a)); CREATE POLICY p ON t USING (f(a) > 1);
-- case: a trigger function's result cannot change, so it is made again with its triggers
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TABLE t (a int); CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
-- after
CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$; CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TABLE t (a int); CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();
-- case: an aggregate's transition function changes its body, another its result
CREATE FUNCTION s(int, int) RETURNS int LANGUAGE sql AS 'SELECT $1 + $2'; CREATE FUNCTION z(int) RETURNS int LANGUAGE sql AS 'SELECT $1'; CREATE AGGREGATE a(int) (SFUNC = s, STYPE = int, FINALFUNC = z); CREATE VIEW v AS SELECT a(x) AS y FROM generate_series(1, 3) x; COMMENT ON AGGREGATE a(int) IS 'a'; GRANT EXECUTE ON FUNCTION a(int) TO pg_monitor;
-- after
CREATE FUNCTION s(int, int) RETURNS int LANGUAGE sql AS 'SELECT $1 - $2'; CREATE FUNCTION z(int) RETURNS text LANGUAGE sql AS 'SELECT $1::text'; CREATE AGGREGATE a(int) (SFUNC = s, STYPE = int, FINALFUNC = z); CREATE VIEW v AS SELECT a(x) AS y FROM generate_series(1, 3) x; COMMENT ON AGGREGATE a(int) IS 'a'; GRANT EXECUTE ON FUNCTION a(int) TO pg_monitor;
-- case: every option of an aggregate changes
CREATE AGGREGATE a(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0'); CREATE AGGREGATE b(numeric) (SFUNC = numeric_avg_accum, STYPE = internal, FINALFUNC = numeric_avg);
-- after
CREATE AGGREGATE a(int) (SFUNC = int4pl, STYPE = int, SSPACE = 8, INITCOND = '1', COMBINEFUNC = int4pl, PARALLEL = SAFE); CREATE AGGREGATE b(numeric) (SFUNC = numeric_avg_accum, STYPE = internal, FINALFUNC = numeric_sum, FINALFUNC_MODIFY = READ_WRITE, MSFUNC = numeric_avg_accum, MINVFUNC = numeric_accum_inv, MSTYPE = internal, MFINALFUNC = numeric_sum);
-- case: aggregates with names for arguments, of rows, over enums, ordered
CREATE TYPE e AS ENUM ('a');
-- after
CREATE TYPE e AS ENUM ('a'); CREATE FUNCTION pick(e, e) RETURNS e LANGUAGE sql AS 'SELECT $2'; CREATE AGGREGATE last_e(x e) (SFUNC = pick, STYPE = e, INITCOND = 'a'); CREATE FUNCTION add3(int, int, int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE AGGREGATE "Odd agg"(a int, b int) (SFUNC = add3, STYPE = int);
-- case: line ends that only some lines have
SELECT 1;
-- after
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$BEGIN
  NULL;
END$$;
CREATE TABLE t (); COMMENT ON TABLE t IS E'a\r\nb'; CREATE VIEW v AS SELECT E'a\r\nb'::text AS x;

-- case: procedures that differ in what goes out
-- after
CREATE PROCEDURE p(IN a int, IN b int, IN c int) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p(OUT a int, IN b int, IN c int) LANGUAGE sql AS 'SELECT b - c';
COMMENT ON PROCEDURE p(IN int, IN int, IN int) IS 'nothing goes out';
-- case: bodies that list the columns of rows, of which there are more or less
CREATE TABLE acc (n text); CREATE TABLE fewer (n text, gone int); CREATE FUNCTION first(accs acc[]) RETURNS text LANGUAGE sql AS 'select null::text';
-- after
CREATE TABLE acc (n text, extra int, "More" int); CREATE TABLE fewer (n text); CREATE FUNCTION names(accs acc[]) RETURNS text[] LANGUAGE sql BEGIN ATOMIC SELECT array_agg(a.n) FROM unnest(accs) a; END; CREATE FUNCTION first(accs acc[]) RETURNS text LANGUAGE sql RETURN (SELECT min("A".n) FROM unnest(accs) AS "A"(n)); CREATE FUNCTION few(f fewer[]) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM unnest(f) x; END;
-- case: functions that call themselves, one of an enum whose values get another order
CREATE TYPE e AS ENUM ('a', 'b'); CREATE FUNCTION f(e) RETURNS int RETURN 1; CREATE OR REPLACE FUNCTION f(e) RETURNS int RETURN f($1); COMMENT ON FUNCTION f(e) IS 'x';
-- after
CREATE TYPE e AS ENUM ('b', 'a'); CREATE FUNCTION f(e) RETURNS int RETURN 1; CREATE OR REPLACE FUNCTION f(e) RETURNS int RETURN f($1) + 1; COMMENT ON FUNCTION f(e) IS 'x'; CREATE FUNCTION g(a int, OUT b int) RETURNS SETOF int BEGIN ATOMIC SELECT 1; END; CREATE OR REPLACE FUNCTION g(a int, OUT b int) RETURNS SETOF int BEGIN ATOMIC SELECT g.b FROM g(1) WHERE a > 1; END;
