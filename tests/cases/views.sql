-- case: a column is added in the middle of a view, and at its end
CREATE TABLE t (a int, b int, c int); CREATE VIEW v AS SELECT a, c FROM t; CREATE VIEW w AS SELECT a FROM t; CREATE VIEW x AS SELECT a, c FROM v;
-- after
CREATE TABLE t (a int, b int, c int); CREATE VIEW v AS SELECT a, b, c FROM t; CREATE VIEW w AS SELECT a, b FROM t; CREATE VIEW x AS SELECT a, c FROM v;
-- case: a column of a view is dropped that a view on it used
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT a, b FROM v;
-- after
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v;
-- case: a column of a view changes its type by a cast
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a + 1 AS b FROM v; GRANT SELECT ON w TO pg_monitor;
-- after
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a::text AS a FROM t; CREATE VIEW w AS SELECT length(a) AS b FROM v; GRANT SELECT ON w TO pg_monitor;
-- case: options of views come, change and go (15)
CREATE TABLE t (a int); CREATE VIEW a AS SELECT a FROM t; CREATE VIEW b WITH (security_barrier) AS SELECT a FROM t; CREATE VIEW c AS SELECT a FROM t WITH CASCADED CHECK OPTION; CREATE VIEW d WITH (security_invoker) AS SELECT a FROM t;
-- after
CREATE TABLE t (a int); CREATE VIEW a WITH (security_invoker = true, security_barrier = false) AS SELECT a FROM t; CREATE VIEW b AS SELECT a FROM t WITH LOCAL CHECK OPTION; CREATE VIEW c AS SELECT a FROM t WITH LOCAL CHECK OPTION; CREATE VIEW d AS SELECT a FROM t;
-- case: views trade what they show
CREATE TABLE t (a int, b text); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT b FROM t;
-- after
CREATE TABLE t (a int, b text); CREATE VIEW v AS SELECT b FROM t; CREATE VIEW w AS SELECT a FROM t;
-- case: the order of two views is turned over
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v;
-- after
CREATE TABLE t (a int); CREATE VIEW w AS SELECT a FROM t; CREATE VIEW v AS SELECT a FROM w;
-- case: a view's owner, comment, privileges, defaults, on itself and its columns
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; COMMENT ON VIEW v IS 'one'; COMMENT ON COLUMN v.a IS 'a'; ALTER VIEW v ALTER a SET DEFAULT 1; GRANT SELECT ON v TO PUBLIC;
-- after
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; COMMENT ON VIEW v IS 'two'; COMMENT ON COLUMN v.b IS 'b'; ALTER VIEW v ALTER b SET DEFAULT 2; GRANT INSERT (a) ON v TO pg_monitor; ALTER VIEW v OWNER TO pg_read_all_data;
-- case: a view's instead-of triggers and rules live through its rebuilding
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER tr INSTEAD OF UPDATE ON v FOR EACH ROW EXECUTE FUNCTION f(); CREATE RULE r AS ON DELETE TO v DO INSTEAD DELETE FROM t WHERE t.a = OLD.a; COMMENT ON TRIGGER tr ON v IS 'tr';
-- after
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT b, a FROM t; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER tr INSTEAD OF UPDATE ON v FOR EACH ROW EXECUTE FUNCTION f(); CREATE RULE r AS ON DELETE TO v DO INSTEAD DELETE FROM t WHERE t.a = OLD.a; COMMENT ON TRIGGER tr ON v IS 'tr';
-- case: a view on system catalogs and on functions of them
CREATE VIEW v AS SELECT relname FROM pg_class;
-- after
CREATE VIEW v AS SELECT relname, relkind FROM pg_class WHERE pg_table_is_visible(oid); CREATE VIEW w AS SELECT * FROM information_schema.tables; CREATE VIEW x AS SELECT current_user AS me, current_setting('work_mem') AS m, now() AS t, pg_size_pretty(pg_relation_size('pg_class')) AS s;
-- case: a function is on a view, and a view on the function; both change
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v'; CREATE VIEW w AS SELECT a FROM f();
-- after
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v WHERE a > 0'; CREATE VIEW w AS SELECT a, b FROM f();
-- case: a view's row type is an argument, a column, an array
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION f(v) RETURNS int LANGUAGE sql AS 'SELECT $1.a';
-- after
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a, 1 AS one FROM t; CREATE FUNCTION f(v) RETURNS int LANGUAGE sql AS 'SELECT $1.a'; CREATE FUNCTION g(v[]) RETURNS SETOF v LANGUAGE sql AS 'SELECT unnest($1)';
-- case: a recursive view, and one of values
CREATE RECURSIVE VIEW r (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 10;
-- after
CREATE RECURSIVE VIEW r (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 100; CREATE VIEW vals AS SELECT * FROM (VALUES (1, 'one'), (2, 'two')) q (a, b);
-- case: a view with every kind of join and column alias
CREATE TABLE a (id int PRIMARY KEY, x int); CREATE TABLE b (id int, x int, y int);
-- after
CREATE TABLE a (id int PRIMARY KEY, x int); CREATE TABLE b (id int, x int, y int); CREATE VIEW v AS SELECT a.id AS "A id", b.x AS "select", a.x FROM a NATURAL JOIN b; CREATE VIEW w AS SELECT * FROM a LEFT JOIN b USING (id, x) RIGHT JOIN (SELECT 1 AS k) q ON q.k = a.id; CREATE VIEW x AS SELECT r.* FROM ROWS FROM (generate_series(1, 2), unnest(ARRAY['a'])) WITH ORDINALITY AS r(i, t, o); CREATE VIEW y AS SELECT a.id, max(a.x) FROM a GROUP BY a.id HAVING count(*) > 1; CREATE VIEW z AS SELECT id, x FROM a GROUP BY id; CREATE VIEW zz AS SELECT b1.x FROM b b1, b b2 TABLESAMPLE system (10) WHERE b1.id = b2.id;
-- case: a view groups by a primary key that changes
CREATE TABLE t (id int PRIMARY KEY, x int); CREATE VIEW v AS SELECT id, x, count(*) AS n FROM t GROUP BY id;
-- after
CREATE TABLE t (id bigint, x int, CONSTRAINT k PRIMARY KEY (id)); CREATE VIEW v AS SELECT id, x, count(*) AS n FROM t GROUP BY id;
-- case: a view is made of a table that becomes partitioned
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT * FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM v; CREATE INDEX i ON m (a);
-- after
CREATE TABLE t (a int, b int) PARTITION BY LIST (a); CREATE VIEW v AS SELECT * FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM v; CREATE INDEX i ON m (a);
-- case: a view becomes a materialized view and back
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE VIEW w AS SELECT * FROM v;
-- after
CREATE TABLE t (a int); CREATE MATERIALIZED VIEW v AS SELECT a FROM t; CREATE VIEW m AS SELECT a FROM t; CREATE VIEW w AS SELECT * FROM v;
-- case: a view becomes a table of the same columns
CREATE TABLE t (a int, b text); CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT a FROM v;
-- after
CREATE TABLE t (a int, b text); CREATE TABLE v (a int, b text); CREATE VIEW w AS SELECT a FROM v;
-- case: a materialized view changes its query, its storage, its method of access, whether it has data
CREATE TABLE t (a int, b text); CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE UNIQUE INDEX i ON m (a); CREATE MATERIALIZED VIEW n WITH (fillfactor = 70) AS SELECT b FROM t WITH NO DATA;
-- after
CREATE TABLE t (a int, b text); CREATE MATERIALIZED VIEW m WITH (autovacuum_enabled = false) AS SELECT a, b FROM t; CREATE UNIQUE INDEX i ON m (a); CREATE MATERIALIZED VIEW n AS SELECT b FROM t; ALTER MATERIALIZED VIEW n ALTER b SET STORAGE EXTERNAL, ALTER b SET STATISTICS 5;
-- case: a materialized view's comments, owner and privileges live through a change below
CREATE TABLE t (a int, b text); CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t; COMMENT ON MATERIALIZED VIEW m IS 'm'; COMMENT ON COLUMN m.a IS 'a'; GRANT SELECT ON m TO pg_monitor; ALTER MATERIALIZED VIEW m ALTER b SET STATISTICS 7; CREATE VIEW v AS SELECT a FROM m;
-- after
CREATE TABLE t (a bigint, b text); CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t; COMMENT ON MATERIALIZED VIEW m IS 'm'; COMMENT ON COLUMN m.a IS 'a'; GRANT SELECT ON m TO pg_monitor; ALTER MATERIALIZED VIEW m ALTER b SET STATISTICS 7; CREATE VIEW v AS SELECT a FROM m;
-- case: materialized views on materialized views
CREATE TABLE t (a int); CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE MATERIALIZED VIEW n AS SELECT a FROM m; CREATE INDEX i ON n (a);
-- after
CREATE TABLE t (a int); CREATE MATERIALIZED VIEW m AS SELECT a, a + 1 AS b FROM t; CREATE MATERIALIZED VIEW n AS SELECT a FROM m; CREATE INDEX i ON n (a);
-- case: a view uses an enum's new value, a domain, a cast and an operator that come with it
CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a e, b int);
-- after
CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS int; CREATE TABLE t (a e, b int); CREATE FUNCTION f(e, e) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR ~~~ (FUNCTION = f, LEFTARG = e, RIGHTARG = e); CREATE VIEW v AS SELECT a, b::d AS c, a ~~~ 'b' AS m FROM t WHERE a = 'b';
-- case: views of the same names in two schemas use each other
CREATE SCHEMA s; CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW s.v AS SELECT a FROM v;
-- after
CREATE SCHEMA s; CREATE TABLE t (a int); CREATE TABLE s.t (a bigint); CREATE VIEW s.v AS SELECT a FROM s.t; CREATE VIEW v AS SELECT a FROM s.v;

-- case: conditions that begin with one of their own
CREATE TABLE t (a int, b int, c text);
-- after
CREATE TABLE t (a int, b int, c text, CHECK (a BETWEEN 1 AND 5 AND b > 0), CHECK (a NOT BETWEEN 2 AND 3 OR b > 0));
CREATE INDEX i ON t (b) WHERE a BETWEEN 1 AND 5 AND c <> 'x';
CREATE VIEW v AS SELECT a FROM t WHERE a BETWEEN 1 AND 5 AND a <> 3 AND c BETWEEN 'a' AND 'b';
CREATE VIEW w AS SELECT a FROM t WHERE (a, b) = (1, 2) AND ((a IN (1, 2, b) OR b = 5) OR (c NOT IN ('a', b::text) AND c > 'b'));
CREATE VIEW x AS SELECT a FROM t WHERE a BETWEEN (SELECT min(b) FROM t) AND (SELECT max(b) FROM t WHERE b BETWEEN 1 AND a AND c > '') AND EXISTS (SELECT FROM t);
CREATE POLICY p ON t USING (a BETWEEN 1 AND 5 AND b = 1);

-- case: a column of conditions that begin with one of their own changes its type
CREATE TABLE t (a int, b int, CHECK (a BETWEEN 1 AND 5 AND b > 0));
CREATE INDEX i ON t (b) WHERE a BETWEEN 1 AND 5 AND b <> 3;
-- after
CREATE TABLE t (a bigint, b int, CHECK (a BETWEEN 1 AND 5 AND b > 0));
CREATE INDEX i ON t (b) WHERE a BETWEEN 1 AND 5 AND b <> 3;

-- case: views of values alone
CREATE VIEW w AS SELECT 1 AS x;
-- after
CREATE VIEW v (a, "b,c") AS VALUES (1, 'x'), (2, 'y');
CREATE MATERIALIZED VIEW m (a) AS VALUES (1), (2);
CREATE VIEW w (x, y) AS VALUES (1, 'FROM (VALUES ');
-- case: a column changes its type while a materialized view holds rows
CREATE TABLE t (a int, b int); CREATE MATERIALIZED VIEW m AS SELECT t AS x, ARRAY[t] AS y FROM t; CREATE VIEW v AS SELECT x FROM m;
-- after
CREATE TABLE t (a bigint, b text); CREATE MATERIALIZED VIEW m AS SELECT t AS x, ARRAY[t] AS y FROM t; CREATE VIEW v AS SELECT x FROM m;
-- case: a view's column changes its collation, and one comes behind it
CREATE TABLE t (b text); CREATE VIEW v AS SELECT b FROM t; CREATE VIEW w AS SELECT * FROM v; CREATE VIEW x AS SELECT b COLLATE "C" AS b FROM t;
-- after
CREATE TABLE t (b text); CREATE VIEW v AS SELECT b COLLATE "C" AS b, 1 AS n FROM t; CREATE VIEW w AS SELECT * FROM v; CREATE VIEW x AS SELECT b COLLATE "C" AS b, b COLLATE "POSIX" AS p FROM t;
-- case: a materialized view's query fails where there are no rows
CREATE TABLE t (a int); CREATE MATERIALIZED VIEW m AS SELECT 10 / count(*) AS x FROM t WITH NO DATA;
-- after
CREATE TABLE t (a int); CREATE MATERIALIZED VIEW m AS SELECT 10 / count(*) AS x, 1 AS y FROM t WITH NO DATA; CREATE VIEW v AS SELECT x FROM m; CREATE MATERIALIZED VIEW n AS SELECT x FROM v WITH NO DATA;
-- case: a recursive query marks its cycles with constants of several types
CREATE TABLE node (id int, parent int);
-- after
CREATE TABLE node (id int, parent int); CREATE VIEW tree AS WITH RECURSIVE t (id) AS (SELECT id FROM node UNION ALL SELECT c.id FROM node c JOIN t ON c.parent = t.id) CYCLE id SET looped TO 'y' DEFAULT 'n' USING p SELECT id, looped FROM t; CREATE VIEW days AS WITH RECURSIVE t (id) AS (SELECT id FROM node UNION ALL SELECT c.id FROM node c JOIN t ON c.parent = t.id) CYCLE id SET looped TO date '2020-01-01' DEFAULT date '2021-01-01' USING p SELECT id, looped FROM t;
-- case: a materialized view over one that becomes a view gets another comment, options and statistics
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE MATERIALIZED VIEW n AS SELECT a FROM m; COMMENT ON MATERIALIZED VIEW n IS 'x'; CREATE MATERIALIZED VIEW o AS SELECT a FROM m; CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT a FROM m; END;
-- after
CREATE VIEW m AS SELECT 1 AS a; CREATE MATERIALIZED VIEW n WITH (autovacuum_enabled = off) AS SELECT a FROM m; CREATE MATERIALIZED VIEW o AS SELECT a FROM m; ALTER MATERIALIZED VIEW o ALTER a SET STATISTICS 4; CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT a FROM m; END; COMMENT ON FUNCTION f() IS 'x';
-- case: a materialized view reads an empty one through a function
CREATE VIEW m AS SELECT 1 AS a; CREATE MATERIALIZED VIEW n AS SELECT a FROM m WITH NO DATA; CREATE FUNCTION f() RETURNS bigint RETURN (SELECT count(*) FROM n); CREATE MATERIALIZED VIEW o AS SELECT f() AS x WITH NO DATA;
-- after
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE MATERIALIZED VIEW n AS SELECT a FROM m; CREATE FUNCTION f() RETURNS bigint RETURN (SELECT count(*) FROM n); CREATE MATERIALIZED VIEW o AS SELECT f() AS x;

-- case: views and functions in a circle
CREATE TABLE told (id int);
-- after
CREATE TABLE told (id int);
CREATE VIEW a AS SELECT 1 AS x, 'a'::text COLLATE "C" AS y;
CREATE VIEW b AS SELECT a.x, a.y FROM a;
CREATE FUNCTION f() RETURNS SETOF b LANGUAGE sql BEGIN ATOMIC SELECT b.x, b.y FROM b; END;
CREATE OR REPLACE VIEW a AS SELECT f.x, f.y FROM f() f(x, y);
COMMENT ON VIEW a IS 'reads itself';

-- case: a view and a function that returns its rows, both with a column more
CREATE VIEW v AS SELECT 1 AS x;
CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v';
CREATE OR REPLACE VIEW v AS SELECT x FROM f();
-- after
CREATE VIEW v AS SELECT 1 AS x, 2 AS y;
CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v';
CREATE OR REPLACE VIEW v AS SELECT x, y FROM f();

-- case: a view and a function that returns its rows, both made again
CREATE VIEW v AS SELECT 1 AS x;
CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v';
CREATE OR REPLACE VIEW v AS SELECT x FROM f();
-- after
CREATE VIEW v AS SELECT 1::bigint AS z;
CREATE FUNCTION f(n int) RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v';
CREATE OR REPLACE VIEW v AS SELECT z FROM f(2);

-- case: functions that call each other
CREATE TABLE told (id int);
-- after
CREATE TABLE told (id int);
CREATE FUNCTION even(n int) RETURNS boolean LANGUAGE sql RETURN true;
CREATE FUNCTION odd(n int) RETURNS boolean LANGUAGE sql RETURN n <> 0 AND even(n - 1);
CREATE OR REPLACE FUNCTION even(n int) RETURNS boolean LANGUAGE sql RETURN n = 0 OR odd(n - 1);

-- case: views of a function's rows, whose table has its columns in another order (catalogs)
CREATE TABLE q (a text, b int, c int);
CREATE FUNCTION f() RETURNS SETOF q LANGUAGE sql STABLE AS 'SELECT * FROM q';
CREATE VIEW v AS SELECT * FROM f();
-- after
CREATE TABLE q (c int, b text, a int);
CREATE FUNCTION f() RETURNS SETOF q LANGUAGE sql STABLE AS 'SELECT * FROM q';
CREATE VIEW v AS SELECT * FROM f();
CREATE VIEW w AS SELECT x.b, count(*) FROM f() x GROUP BY x.b;
