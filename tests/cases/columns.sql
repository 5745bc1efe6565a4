-- case: a column's type changes under a view, the view on it and a rule of that
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT a + 1 AS x FROM v; CREATE RULE r AS ON UPDATE TO v DO INSTEAD UPDATE t SET a = NEW.a;
-- after
CREATE TABLE t (a numeric, b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT a + 1 AS x FROM v; CREATE RULE r AS ON UPDATE TO v DO INSTEAD UPDATE t SET a = NEW.a;
-- case: a column's type changes under a function with a body of its own, its default, and a view that calls it
CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT max(a)::int FROM t; END; CREATE VIEW v AS SELECT f() AS x; CREATE TABLE u (b int DEFAULT f());
-- after
CREATE TABLE t (a bigint); CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT max(a)::int FROM t; END; CREATE VIEW v AS SELECT f() AS x; CREATE TABLE u (b int DEFAULT f());
-- case: a column's type changes under a trigger's condition and a policy of another table
CREATE TABLE t (a int, b int); CREATE TABLE u (c int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION f(); CREATE POLICY p ON u USING (c IN (SELECT a FROM t));
-- after
CREATE TABLE t (a bigint, b int); CREATE TABLE u (c int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION f(); CREATE POLICY p ON u USING (c IN (SELECT a FROM t));
-- case: a column's type changes under a published column list and condition (15)
CREATE TABLE t (a int PRIMARY KEY, b int, c text); CREATE PUBLICATION p FOR TABLE t (a, b) WHERE (a > 1);
-- after
CREATE TABLE t (a bigint PRIMARY KEY, b bigint, c text); CREATE PUBLICATION p FOR TABLE t (a, b) WHERE (a > 1);
-- case: a column's type changes under expression indexes, a partial one and their statistics
CREATE TABLE t (a varchar(5), b int); CREATE INDEX i ON t (lower(a), b) WHERE a <> ''; ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 77; COMMENT ON INDEX i IS 'i'; CREATE UNIQUE INDEX j ON t ((a || 'x')) INCLUDE (b);
-- after
CREATE TABLE t (a text, b int); CREATE INDEX i ON t (lower(a), b) WHERE a <> ''; ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 77; COMMENT ON INDEX i IS 'i'; CREATE UNIQUE INDEX j ON t ((a || 'x')) INCLUDE (b);
-- case: a column's type changes under an exclusion constraint and a deferrable unique one
CREATE EXTENSION btree_gist; CREATE TABLE t (a int, r int4range, EXCLUDE USING gist (a WITH =, r WITH &&), UNIQUE (a) DEFERRABLE);
-- after
CREATE EXTENSION btree_gist; CREATE TABLE t (a bigint, r int8range, EXCLUDE USING gist (a WITH =, r WITH &&), UNIQUE (a) DEFERRABLE);
-- case: a clustered and replica identity index goes through a retype
CREATE TABLE t (a int NOT NULL, b int); CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t CLUSTER ON i; ALTER TABLE t REPLICA IDENTITY USING INDEX i;
-- after
CREATE TABLE t (a uuid NOT NULL, b int); CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t CLUSTER ON i; ALTER TABLE t REPLICA IDENTITY USING INDEX i;
-- case: two columns trade their types
CREATE TABLE t (a int, b text); CREATE INDEX i ON t (a, b);
-- after
CREATE TABLE t (a text, b int); CREATE INDEX i ON t (a, b);
-- case: a column becomes an array and an array a column
CREATE TABLE t (a int DEFAULT 1, b int[] DEFAULT '{1}');
-- after
CREATE TABLE t (a int[] DEFAULT '{1}', b int DEFAULT 1);
-- case: numbers become times and times numbers
CREATE TABLE t (a bigint, b timestamptz, c interval, d int, e date);
-- after
CREATE TABLE t (a timestamptz, b bigint, c int, d interval, e time);
-- case: text and binary, uuid, inet, xml and back
CREATE TABLE t (a text, b bytea, c uuid, d inet, e xml, f text, g cidr);
-- after
CREATE TABLE t (a bytea, b text, c text, d text, e text, f xml, g inet);
-- case: lengths, precisions and scales (15)
CREATE TABLE t (a varchar(5), b char(5), c numeric(5,2), d timestamp(3), e time, f interval hour to minute, g bit(5), h numeric, i varchar);
-- after
CREATE TABLE t (a varchar(50), b char(50), c numeric(15,4), d timestamp, e time(2), f interval(3), g bit(9), h numeric(3,-2), i varchar(1));
-- case: a column of a type that is not in the path
CREATE SCHEMA s; CREATE TYPE s.e AS ENUM ('a'); CREATE TYPE s."int" AS (a int); CREATE TABLE t (a s.e);
-- after
CREATE SCHEMA s; CREATE TYPE s.e AS ENUM ('a'); CREATE TYPE s."int" AS (a int); CREATE TABLE t (a s."int", b s.e[], c pg_catalog.int4);
-- case: a column is dropped and another of its name made with another type, under a view
CREATE TABLE t (a int, b text); CREATE VIEW v AS SELECT b FROM t;
-- after
CREATE TABLE t (a int, b point); CREATE VIEW v AS SELECT b FROM t;
-- case: a column gets not null and a default in one, a check replaces not null in another
CREATE TABLE t (a text, b text NOT NULL, c int NOT NULL DEFAULT 0);
-- after
CREATE TABLE t (a text NOT NULL DEFAULT '', b text CHECK (b IS NOT NULL), c int);
-- case: a default refers to a sequence, a function, a type and a schema that come with it
CREATE TABLE t (a int, b text);
-- after
CREATE SCHEMA s; CREATE SEQUENCE s.q; CREATE TYPE s.e AS ENUM ('x'); CREATE FUNCTION s.f() RETURNS text LANGUAGE sql AS 'SELECT ''x'''; CREATE TABLE t (a int DEFAULT nextval('s.q'), b text DEFAULT s.f(), c text DEFAULT 'x'::s.e::text);
-- case: a default refers to a sequence, a function, a type and a schema that go with it
CREATE SCHEMA s; CREATE SEQUENCE s.q; CREATE TYPE s.e AS ENUM ('x'); CREATE FUNCTION s.f() RETURNS text LANGUAGE sql AS 'SELECT ''x'''; CREATE TABLE t (a int DEFAULT nextval('s.q'), b text DEFAULT s.f(), c text DEFAULT 'x'::s.e::text);
-- after
CREATE TABLE t (a int DEFAULT 7, b text, c text DEFAULT 'x');
-- case: storage, compression, statistics and options of columns come and go
CREATE TABLE t (a text, b text, c int, d text); ALTER TABLE t ALTER a SET STORAGE MAIN, ALTER b SET COMPRESSION pglz, ALTER c SET STATISTICS 50, ALTER d SET (n_distinct = -0.5, n_distinct_inherited = 3);
-- after
CREATE TABLE t (a text, b text, c int, d text); ALTER TABLE t ALTER a SET STORAGE PLAIN, ALTER b SET COMPRESSION lz4, ALTER c SET STATISTICS 0, ALTER d SET (n_distinct = 7);
-- case: storage and compression outlive a change of type
CREATE TABLE t (a text, b varchar(5)); ALTER TABLE t ALTER a SET STORAGE EXTERNAL, ALTER b SET COMPRESSION lz4, ALTER b SET STATISTICS 9, ALTER a SET (n_distinct = 4);
-- after
CREATE TABLE t (a bytea, b text); ALTER TABLE t ALTER a SET STORAGE EXTERNAL, ALTER b SET COMPRESSION lz4, ALTER b SET STATISTICS 9, ALTER a SET (n_distinct = 4);
-- case: a new column with everything, a new table with everything
CREATE TABLE t (x int);
-- after
CREATE TABLE t (x int, a text COLLATE "C" DEFAULT 'q' NOT NULL UNIQUE CHECK (a <> '')); ALTER TABLE t ALTER a SET STORAGE EXTERNAL, ALTER a SET STATISTICS 5, ALTER a SET (n_distinct = 2); COMMENT ON COLUMN t.a IS 'a'; GRANT SELECT (a) ON t TO pg_monitor;
CREATE TABLE u (x int, a text COLLATE "C" DEFAULT 'q' NOT NULL UNIQUE CHECK (a <> '')); ALTER TABLE u ALTER a SET STORAGE EXTERNAL, ALTER a SET STATISTICS 5, ALTER a SET (n_distinct = 2); COMMENT ON COLUMN u.a IS 'a'; GRANT SELECT (a) ON u TO pg_monitor;
-- case: a generated column's expression uses a function that is replaced, and one that is dropped
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE FUNCTION g(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE TABLE t (a int, b int GENERATED ALWAYS AS (f(a)) STORED, c int GENERATED ALWAYS AS (g(a)) STORED);
-- after
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1'; CREATE TABLE t (a int, b int GENERATED ALWAYS AS (f(a)) STORED, c int GENERATED ALWAYS AS (f(a) * 2) STORED);
-- case: a generated column of a column that goes
CREATE TABLE t (a int, b int, c int GENERATED ALWAYS AS (a + b) STORED, d int GENERATED ALWAYS AS (a) STORED);
-- after
CREATE TABLE t (b int, c int GENERATED ALWAYS AS (b) STORED);
-- case: generated columns with not null, unique, foreign keys, indexes, a view and a comment
CREATE TABLE k (id int PRIMARY KEY); CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a % 10) STORED NOT NULL UNIQUE REFERENCES k); CREATE INDEX i ON t (g, a); CREATE VIEW v AS SELECT g FROM t; COMMENT ON COLUMN t.g IS 'g'; CREATE STATISTICS s ON a, g FROM t;
-- after
CREATE TABLE k (id int PRIMARY KEY); CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a % 100) STORED NOT NULL UNIQUE REFERENCES k); CREATE INDEX i ON t (g, a); CREATE VIEW v AS SELECT g FROM t; COMMENT ON COLUMN t.g IS 'g'; CREATE STATISTICS s ON a, g FROM t;
-- case: a generated column becomes one with a default, an identity, a plain one
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED, c int GENERATED ALWAYS AS (a) STORED NOT NULL, d int GENERATED ALWAYS AS (a) STORED);
-- after
CREATE TABLE t (a int, b int DEFAULT 5, c int GENERATED ALWAYS AS IDENTITY, d int);
-- case: a table of no columns gets some, and one loses all
CREATE TABLE t (); CREATE TABLE u (a int, b int);
-- after
CREATE TABLE t (a int, b int); CREATE TABLE u ();
-- case: many columns go and come at once and one stays
CREATE TABLE t (a int, b int, c int, d int, keep int, e int);
-- after
CREATE TABLE t (keep int, f text, g text, h text, i text DEFAULT 'i', j int NOT NULL DEFAULT 3);
-- case: a column's collation comes, changes and goes under a unique index and a view
CREATE TABLE t (a text, b text COLLATE "C", c text COLLATE "POSIX" UNIQUE); CREATE VIEW v AS SELECT a, b, c FROM t; CREATE INDEX i ON t (a, b);
-- after
CREATE TABLE t (a text COLLATE "C", b text COLLATE "POSIX", c text UNIQUE); CREATE VIEW v AS SELECT a, b, c FROM t; CREATE INDEX i ON t (a, b);
-- case: columns whose names differ in case only
CREATE TABLE t (a int, "A" int); CREATE INDEX i ON t ("A");
-- after
CREATE TABLE t (a text, "A" bigint, "a " int); CREATE INDEX i ON t ("A", a);
-- case: columns with the names of system functions and words
CREATE TABLE t (x int);
-- after
CREATE TABLE t (x int, "user" text DEFAULT CURRENT_USER, "current_date" date DEFAULT CURRENT_DATE, "order" int, "table" text, "default" int DEFAULT 1, "check" int CHECK ("check" > 0), "end" timestamptz, "group" text, value text, name text, type text, key text, "primary" boolean); CREATE INDEX i ON t ("order", "group"); CREATE VIEW v AS SELECT "user", "order", "end" FROM t;
-- case: the first column is moved to the end, a view of all follows
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT * FROM t;
-- after
CREATE TABLE t (b int, a int); CREATE VIEW v AS SELECT * FROM t;
-- case: casts that only the server knows
CREATE TABLE t (a money, b bit(3), c boolean, d boolean[], e int4range, f jsonb, g bigint, h int GENERATED ALWAYS AS (1) STORED);
-- after
CREATE TABLE t (a numeric(10,2), b int, c bigint, d bigint[], e int4multirange, f int, g boolean, h bigint GENERATED ALWAYS AS (1) STORED);

-- case: checks and indexes read a column that becomes another sort of number
CREATE TABLE t (s int CHECK (s >= 0), x int, y int GENERATED ALWAYS AS (x + 1) STORED);
CREATE INDEX i ON t (x) WHERE s > 0;
CREATE INDEX j ON t ((x + 1));
-- after
CREATE TABLE t (s numeric CHECK (s >= 0), x real, y int GENERATED ALWAYS AS (x + 1) STORED);
CREATE INDEX i ON t (x) WHERE s > 0;
CREATE INDEX j ON t ((x + 1));
-- case: shapes, times and intervals of other types, which not all cast to each other
CREATE TABLE t (a point, b circle, c time, d timestamptz, e interval, f interval, g interval year to month, h interval(3)[], i path);
-- after
CREATE TABLE t (a circle, b point, c timestamptz, d timetz, e time, f interval year to month, g interval, h interval day[], i polygon);
-- case: values become others by a cast of one's own
CREATE TYPE col AS ENUM ('r', 'g'); CREATE FUNCTION i2c(int) RETURNS col LANGUAGE sql IMMUTABLE AS $$ SELECT CASE $1 WHEN 0 THEN 'r'::col ELSE 'g' END $$; CREATE FUNCTION c2i(col) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 0 $$; CREATE CAST (int AS col) WITH FUNCTION i2c(int) AS ASSIGNMENT; CREATE CAST (col AS int) WITH FUNCTION c2i(col); CREATE TABLE t (x int);
-- after
CREATE TYPE col AS ENUM ('r', 'g'); CREATE FUNCTION i2c(int) RETURNS col LANGUAGE sql IMMUTABLE AS $$ SELECT CASE $1 WHEN 0 THEN 'r'::col ELSE 'g' END $$; CREATE FUNCTION c2i(col) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 0 $$; CREATE CAST (int AS col) WITH FUNCTION i2c(int) AS ASSIGNMENT; CREATE CAST (col AS int) WITH FUNCTION c2i(col); CREATE TABLE t (x col);
-- case: casts that extensions bring
CREATE EXTENSION hstore; CREATE EXTENSION isn; CREATE EXTENSION citext; CREATE TABLE t (id int, h hstore, i isbn, a isbn[], c citext, d citext);
-- after
CREATE EXTENSION hstore; CREATE EXTENSION isn; CREATE EXTENSION citext; CREATE TABLE t (id int, h jsonb, i ean13, a ean13[], c varchar(3), d text);
-- case: a check has said before that there are no nulls
CREATE TABLE t (id int PRIMARY KEY, c int, d int, CONSTRAINT cnn CHECK (c IS NOT NULL), CONSTRAINT dnn CHECK (d IS NOT NULL));
-- after
CREATE TABLE t (id int PRIMARY KEY, c int NOT NULL, d int NOT NULL, CONSTRAINT cnn CHECK (c IS NOT NULL));

-- case: a column changes its type while rows of its table are values of others
CREATE TABLE t (id int, gone text); CREATE TABLE u (x t, y t[]); CREATE TABLE v (z u DEFAULT '("(1,)",)'); CREATE VIEW w AS SELECT (x).id AS id FROM u; CREATE MATERIALIZED VIEW m AS SELECT z FROM v; CREATE INDEX i ON u (((x).id)); COMMENT ON COLUMN u.x IS 'x'; INSERT INTO u VALUES (ROW (3, 'a'), '{"(4,b)"}');
-- after
CREATE TABLE t (id bigint, new int); CREATE TABLE u (x t, y t[]); CREATE TABLE v (z u DEFAULT '("(1,)",)'); CREATE VIEW w AS SELECT (x).id AS id FROM u; CREATE MATERIALIZED VIEW m AS SELECT z FROM v; CREATE INDEX i ON u (((x).id)); COMMENT ON COLUMN u.x IS 'x';
