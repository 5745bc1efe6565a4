-- case: a new column's default reads a table that comes later by its name
CREATE TABLE t (id int); INSERT INTO t VALUES (1), (2);
-- after
CREATE TABLE zz (a int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM zz'; CREATE TABLE t (id int, c bigint DEFAULT f());
-- case: so does one in plpgsql, by another function and a view, and with odd names
CREATE TABLE a (id int); INSERT INTO a VALUES (1);
-- after
CREATE TABLE "Z z" (k int); CREATE VIEW "z.v" AS SELECT k FROM "Z z"; CREATE FUNCTION inner_f() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM public."z.v"); END $$; CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE n bigint; BEGIN EXECUTE 'SELECT inner_f()' INTO n; RETURN n; END $$; CREATE TABLE a (id int, c bigint DEFAULT f());
-- case: a new column's default reads new columns of another table and of its own
CREATE TABLE t (id int); CREATE TABLE z (a int); INSERT INTO t VALUES (1);
-- after
CREATE TABLE z (a int, b int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT max(b) FROM z'; CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT max(y) FROM public.t); END'; CREATE TABLE t (id int, a int DEFAULT f(), x int DEFAULT g(), y int);
-- case: a new column's default puts something where a key keeps rows apart
CREATE TABLE t (id int); CREATE TABLE z (k int); INSERT INTO t VALUES (1);
-- after
CREATE TABLE z (k int UNIQUE); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'INSERT INTO z VALUES (1) ON CONFLICT (k) DO UPDATE SET k = 1 RETURNING k'; CREATE TABLE t (id int, c int DEFAULT f());
-- case: a table that becomes a view is read by a new default and by an index that is built again
CREATE TABLE s (a int); CREATE TABLE t (id int, n text); CREATE FUNCTION g(int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT count(*) FROM public.s'; CREATE INDEX i ON t (g(id)); INSERT INTO t VALUES (1, 'x');
-- after
CREATE TABLE s0 (a int); CREATE VIEW s AS SELECT a FROM s0; CREATE FUNCTION g(int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT count(*) FROM public.s'; CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.s'; CREATE TABLE t (id int, n varchar(9), c bigint DEFAULT f()); CREATE INDEX i ON t (g(id));
-- case: a domain's new check reads a table that comes later by its name
CREATE DOMAIN d AS text; CREATE TABLE t (a d); INSERT INTO t VALUES ('x');
-- after
CREATE TABLE zz (a text); CREATE FUNCTION f(text) RETURNS bool LANGUAGE plpgsql STABLE AS 'BEGIN RETURN NOT EXISTS (SELECT FROM zz WHERE a = $1); END'; CREATE DOMAIN d AS text CHECK (f(VALUE)); CREATE TABLE t (a d);
-- case: a new column of a new domain whose check reads a new table
CREATE TABLE t (id int); INSERT INTO t VALUES (1);
-- after
CREATE TABLE zz (a text); CREATE FUNCTION f(text) RETURNS bool LANGUAGE sql STABLE AS 'SELECT NOT EXISTS (SELECT FROM public.zz WHERE a = $1)'; CREATE DOMAIN d AS text CHECK (f(VALUE)); CREATE TABLE t (id int, c d DEFAULT 'y');
-- case: of two new materialized views the first by its name reads the other through a function
CREATE TABLE s (a int); INSERT INTO s VALUES (1);
-- after
CREATE TABLE s (a int); CREATE MATERIALIZED VIEW z AS SELECT a FROM s; CREATE FUNCTION f() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM public.z'; CREATE MATERIALIZED VIEW a AS SELECT f() AS n;
-- case: an exclusion by a function that reads a new table
CREATE TABLE t (id int); INSERT INTO t VALUES (1);
-- after
CREATE TABLE zz (a int); CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + count(*)::int FROM public.zz'; CREATE TABLE t (id int, EXCLUDE (f(id) WITH =));
-- case: what is written anew has an index over a function whose new body reads a new table
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE TABLE t (id int, n int); CREATE INDEX i ON t (f(id)); INSERT INTO t VALUES (1, 2);
-- after
CREATE TABLE zz (a int); CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + count(*)::int FROM public.zz'; CREATE TABLE t (id int, n bigint); CREATE INDEX i ON t (f(id));
-- case: a table that becomes partitioned gets a column that is computed with a new table
CREATE TABLE t (id int); INSERT INTO t VALUES (1), (2);
-- after
CREATE TABLE zz (a int); CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + count(*)::int FROM public.zz'; CREATE TABLE t (id int, c int GENERATED ALWAYS AS (f(id)) STORED) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t DEFAULT;
-- case: a function reads what its own column stands in, which no order serves, and nobody minds as long as there are no rows
CREATE TABLE t (id int);
-- after
CREATE TABLE zz (a int); CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(c) FROM t) + (SELECT count(*) FROM zz); END'; CREATE TABLE t (id int, c bigint DEFAULT f()); ALTER TABLE t ADD UNIQUE (c); ALTER TABLE zz ADD COLUMN b bigint REFERENCES t (c);
-- case: new tables, one of which is computed, divided and indexed by a function that reads another
-- after
CREATE TABLE zz (a int); CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + count(*)::int FROM public.zz'; CREATE TABLE a (id int, c int GENERATED ALWAYS AS (f(id)) STORED); CREATE TABLE b (id int); CREATE INDEX i ON b (f(id)); CREATE TABLE c (id int) PARTITION BY RANGE (f(id));
