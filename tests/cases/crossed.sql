-- case: defaults of view columns, options of views come and go
CREATE TABLE t (a int, b text); CREATE VIEW v AS SELECT a, b FROM t; ALTER VIEW v ALTER COLUMN a SET DEFAULT 7; CREATE VIEW w WITH (security_barrier) AS SELECT a FROM v WITH LOCAL CHECK OPTION;
-- after
CREATE TABLE t (a int, b text, c int); CREATE VIEW v AS SELECT a, b, c FROM t; ALTER VIEW v ALTER COLUMN b SET DEFAULT 'x'; CREATE VIEW w AS SELECT a FROM v WITH CASCADED CHECK OPTION;
-- case: column grants survive a rebuild
CREATE TABLE t (a int, b text GENERATED ALWAYS AS (a::text) STORED); GRANT SELECT (b), UPDATE (a) ON t TO pg_monitor; CREATE VIEW v AS SELECT b FROM t; GRANT SELECT (b) ON v TO pg_monitor WITH GRANT OPTION;
-- after
CREATE TABLE t (a int, b text GENERATED ALWAYS AS ((a + 1)::text) STORED); GRANT SELECT (b), UPDATE (a) ON t TO pg_monitor; CREATE VIEW v AS SELECT b FROM t; GRANT SELECT (b) ON v TO pg_monitor WITH GRANT OPTION;
-- case: a function that a default, a check, an index, a trigger, a policy and a view use gets another result
CREATE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1'; CREATE TABLE t (a int DEFAULT f(1), b int CHECK (f(b) > 0), c int GENERATED ALWAYS AS (f(b)) STORED); CREATE INDEX i ON t (f(a)); CREATE VIEW v AS SELECT f(a) AS x FROM t; CREATE POLICY p ON t USING (f(a) > 0); CREATE MATERIALIZED VIEW m AS SELECT f(a) AS x FROM t; CREATE UNIQUE INDEX mi ON m (x); CREATE STATISTICS s ON f(a), b FROM t;
-- after
CREATE FUNCTION f(int) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT $1::bigint'; CREATE TABLE t (a int DEFAULT f(1), b int CHECK (f(b) > 0), c int GENERATED ALWAYS AS (f(b)) STORED); CREATE INDEX i ON t (f(a)); CREATE VIEW v AS SELECT f(a) AS x FROM t; CREATE POLICY p ON t USING (f(a) > 0); CREATE MATERIALIZED VIEW m AS SELECT f(a) AS x FROM t; CREATE UNIQUE INDEX mi ON m (x); CREATE STATISTICS s ON f(a), b FROM t;
-- case: a table becomes a view and a view a table
CREATE TABLE t (a int PRIMARY KEY, b text); CREATE VIEW v AS SELECT 1 AS a; CREATE VIEW u AS SELECT * FROM t, LATERAL (SELECT v.a AS z FROM v) q;
-- after
CREATE TABLE v (a int PRIMARY KEY, b text); CREATE VIEW t AS SELECT 1 AS a, 'x'::text AS b; CREATE VIEW u AS SELECT * FROM t, LATERAL (SELECT v.a AS z FROM v) q;
-- case: a sequence, an index and a table trade names
CREATE TABLE a (x int); CREATE SEQUENCE b; CREATE INDEX c ON a (x); CREATE TYPE d AS ENUM ('q');
-- after
CREATE TABLE b (x int); CREATE SEQUENCE c; CREATE TABLE a (x int); CREATE INDEX d ON a (x); CREATE TYPE c2 AS ENUM ('q');
-- case: a table becomes partitioned, another ceases to be
CREATE TABLE t (a int NOT NULL, b text, PRIMARY KEY (a)); CREATE INDEX i ON t (b); CREATE TABLE p (a int, b text) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);
-- after
CREATE TABLE t (a int NOT NULL, b text, PRIMARY KEY (a)) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (10); CREATE INDEX i ON t (b); CREATE TABLE p (a int, b text); CREATE TABLE p1 (a int, b text);
-- case: rules of every sort
CREATE TABLE t (a int); CREATE TABLE l (a int); CREATE VIEW v AS SELECT a FROM t; CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (new.a); CREATE RULE n AS ON DELETE TO t DO ALSO NOTIFY x;
-- after
CREATE TABLE t (a int); CREATE TABLE l (a int); CREATE VIEW v AS SELECT a FROM t; CREATE RULE r AS ON INSERT TO v DO INSTEAD (INSERT INTO t VALUES (new.a); INSERT INTO l VALUES (new.a) RETURNING l.a); CREATE RULE n AS ON DELETE TO t WHERE old.a > 3 DO INSTEAD NOTHING; ALTER TABLE t DISABLE RULE n; COMMENT ON RULE r ON v IS 'r';
-- case: recursive views, lateral joins, window frames, grouping sets
CREATE TABLE n (id int, parent int, w numeric);
-- after
CREATE TABLE n (id int, parent int, w numeric); CREATE RECURSIVE VIEW r (id, depth) AS SELECT id, 0 FROM n WHERE parent IS NULL UNION ALL SELECT n.id, r.depth + 1 FROM n JOIN r ON n.parent = r.id; CREATE VIEW w AS SELECT id, sum(w) OVER (PARTITION BY parent ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES), rank() OVER x FROM n WINDOW x AS (ORDER BY w DESC NULLS LAST); CREATE VIEW g AS SELECT id, parent, count(*) FILTER (WHERE w > 1), string_agg(w::text, ',' ORDER BY w) FROM n GROUP BY GROUPING SETS ((id, parent), CUBE (id), ()) HAVING count(*) > 1; CREATE VIEW x AS SELECT * FROM n TABLESAMPLE bernoulli (10) REPEATABLE (3) JOIN ROWS FROM (generate_series(1, 3), unnest(ARRAY['a','b'])) WITH ORDINALITY AS z(i, s, o) ON true ORDER BY 1 FETCH FIRST 3 ROWS WITH TIES; CREATE VIEW y AS SELECT n.id, (ROW(1, n.*))::text AS r, CASE id WHEN 1 THEN 'a' ELSE NULL END, EXTRACT(year FROM now()), EXTRACT('YEAR' FROM now()) AS yy, now() AT TIME ZONE 'UTC', id IS DISTINCT FROM 3 AS di, '{1}'::int[] || 2 AS ar, ARRAY(SELECT 1), xmlelement(name foo, 'x'), w::numeric(3,1) FROM n;
-- case: domains over domains, arrays of domains, composites of domains
CREATE DOMAIN d1 AS int CHECK (VALUE > 0); CREATE DOMAIN d2 AS d1 DEFAULT 3 NOT NULL; CREATE TYPE c AS (a d2, b d1[]); CREATE TABLE t (a d2, b d1[], c c, d c[]); CREATE FUNCTION f(d1[], c) RETURNS d2 LANGUAGE sql AS 'SELECT 1::d2';
-- after
CREATE DOMAIN d1 AS bigint CHECK (VALUE > 1); CREATE DOMAIN d2 AS d1 DEFAULT 4; CREATE TYPE c AS (a d2, b d1[], e text); CREATE TABLE t (a d2, b d1[], c c, d c[]); CREATE FUNCTION f(d1[], c) RETURNS d2 LANGUAGE sql AS 'SELECT 2::d2';
-- case: constraint triggers, deferred foreign keys in a ring, self reference
CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a DEFERRABLE, s int REFERENCES b ON DELETE CASCADE); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE CONSTRAINT TRIGGER c AFTER INSERT ON a FROM b DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tf('x', '1');
-- after
CREATE TABLE a (id bigint PRIMARY KEY, b bigint); CREATE TABLE b (id bigint PRIMARY KEY, a bigint REFERENCES a INITIALLY DEFERRED, s bigint REFERENCES b ON DELETE SET NULL); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b ON UPDATE CASCADE; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE CONSTRAINT TRIGGER c AFTER INSERT OR UPDATE OF b ON a DEFERRABLE FOR EACH ROW WHEN (new.id > 1) EXECUTE FUNCTION tf('x');
-- case: quotes, dollars and backslashes everywhere
CREATE TABLE "Weird ""Table""" ("select" int DEFAULT 1, "a.b" text DEFAULT E'it''s \\ $1 $$', "日本" text COLLATE "C");
-- after
CREATE TABLE "Weird ""Table""" ("select" bigint DEFAULT 2, "a.b" text DEFAULT E'it''s \\ $2 $$ $function$', "日本" text COLLATE "C" CHECK ("日本" ~ '^\d+$'), "new col" int); COMMENT ON COLUMN "Weird ""Table"""."a.b" IS E'x\\y''z'; CREATE FUNCTION "F f"("a B" int, OUT "c.d" text) LANGUAGE plpgsql AS $xx$BEGIN "c.d" := $$z$$ || '\'; END$xx$; CREATE INDEX "I""x" ON "Weird ""Table""" ((lower("a.b")), "select" DESC);
-- case: everything of a schema moves to another
CREATE SCHEMA s; CREATE TYPE s.e AS ENUM ('a'); CREATE DOMAIN s.d AS int CHECK (VALUE > 0); CREATE SEQUENCE s.q; CREATE TABLE s.t (a s.e DEFAULT 'a', b s.d, c int DEFAULT nextval('s.q'), d serial); CREATE FUNCTION s.f(s.e) RETURNS s.d LANGUAGE sql AS 'SELECT 1::s.d'; CREATE VIEW s.v AS SELECT s.f(a) FROM s.t; CREATE AGGREGATE s.g(int) (sfunc = int4pl, stype = int, initcond = '0');
-- after
CREATE SCHEMA r; CREATE TYPE r.e AS ENUM ('a'); CREATE DOMAIN r.d AS int CHECK (VALUE > 0); CREATE SEQUENCE r.q; CREATE TABLE r.t (a r.e DEFAULT 'a', b r.d, c int DEFAULT nextval('r.q'), d serial); CREATE FUNCTION r.f(r.e) RETURNS r.d LANGUAGE sql AS 'SELECT 1::r.d'; CREATE VIEW r.v AS SELECT r.f(a) FROM r.t; CREATE AGGREGATE r.g(int) (sfunc = int4pl, stype = int, initcond = '0'); COMMENT ON AGGREGATE r.g(int) IS 'g';
-- case: an extension's functions and types in defaults, columns and indexes; it moves
CREATE SCHEMA x; CREATE EXTENSION "uuid-ossp" SCHEMA x; CREATE EXTENSION hstore; CREATE TABLE t (id uuid DEFAULT x.uuid_generate_v4(), h hstore DEFAULT ''); CREATE INDEX i ON t USING gin (h);
-- after
CREATE SCHEMA x; CREATE EXTENSION "uuid-ossp"; CREATE EXTENSION hstore SCHEMA x; CREATE TABLE t (id uuid DEFAULT uuid_generate_v4(), h x.hstore DEFAULT '', k int); CREATE INDEX i ON t USING gin (h x.gin_hstore_ops);
-- case: functions of a table that needs them, a policy that reads its own table
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int, b int); CREATE FUNCTION f() RETURNS SETOF t STABLE LANGUAGE sql AS 'SELECT * FROM t'; CREATE FUNCTION g(r t) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT r.a'; CREATE FUNCTION n() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM t); END'; ALTER TABLE t ALTER b SET DEFAULT n(); CREATE VIEW v AS SELECT g(x) AS a, x.b FROM f() x; ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t FOR SELECT TO public USING (a IN (SELECT a FROM t z WHERE z.b = t.b)); CREATE DOMAIN d AS int CHECK (VALUE > n()); CREATE TABLE u (x d, y t, z t[]);
-- case: a row type is used while the table changes
CREATE TABLE t (a int, b text); CREATE FUNCTION g(r t) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT r.a'; CREATE VIEW v AS SELECT g(t) AS x, t AS whole FROM t; CREATE TABLE u (y t);
-- after
CREATE TABLE t (a int, c bool, d numeric NOT NULL DEFAULT 1); CREATE FUNCTION g(r t) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT r.a'; CREATE VIEW v AS SELECT g(t) AS x, t AS whole FROM t; CREATE TABLE u (y t);
-- case: chains of materialized views over a column that is retyped
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a + 1 AS x FROM t; CREATE MATERIALIZED VIEW m AS SELECT x FROM v; CREATE UNIQUE INDEX mi ON m (x); CREATE MATERIALIZED VIEW n AS SELECT m.x, t.b FROM m JOIN t ON t.a = m.x WITH NO DATA; CREATE INDEX ni ON n (b) WHERE x > 0; CREATE FUNCTION f() RETURNS SETOF m LANGUAGE sql AS 'SELECT * FROM m'; COMMENT ON MATERIALIZED VIEW n IS 'n'; COMMENT ON COLUMN n.b IS 'b'; GRANT SELECT ON n TO pg_monitor;
-- after
CREATE TABLE t (a bigint, b int); CREATE VIEW v AS SELECT a + 1 AS x FROM t; CREATE MATERIALIZED VIEW m AS SELECT x FROM v; CREATE UNIQUE INDEX mi ON m (x); CREATE MATERIALIZED VIEW n AS SELECT m.x, t.b FROM m JOIN t ON t.a = m.x WITH NO DATA; CREATE INDEX ni ON n (b) WHERE x > 0; CREATE FUNCTION f() RETURNS SETOF m LANGUAGE sql AS 'SELECT * FROM m'; COMMENT ON MATERIALIZED VIEW n IS 'n'; COMMENT ON COLUMN n.b IS 'b'; GRANT SELECT ON n TO pg_monitor;
-- case: a primary key becomes composite under foreign keys
CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE c (x int REFERENCES p, y int); CREATE TABLE d (x int, FOREIGN KEY (x) REFERENCES p ON DELETE CASCADE); CREATE VIEW v AS SELECT a, b, count(*) FROM p GROUP BY a;
-- after
CREATE TABLE p (a int, b int NOT NULL, PRIMARY KEY (b, a), UNIQUE (a)); CREATE TABLE c (x int, y int, FOREIGN KEY (y, x) REFERENCES p); CREATE TABLE d (x int, FOREIGN KEY (x) REFERENCES p (a) ON DELETE CASCADE); CREATE VIEW v AS SELECT a, b, count(*) FROM p GROUP BY a, b;
-- case: columns go that everything reads
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c text, d tsvector GENERATED ALWAYS AS (to_tsvector('english', c)) STORED); CREATE INDEX i ON t (a, b); CREATE INDEX j ON t USING gin (d); CREATE STATISTICS s ON a, b FROM t; CREATE VIEW v AS SELECT a, id FROM t; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE TRIGGER g BEFORE UPDATE OF a, b ON t FOR EACH ROW EXECUTE FUNCTION tf(); CREATE POLICY p ON t USING (a > 0); CREATE PUBLICATION pub FOR TABLE t; CREATE RULE r AS ON UPDATE TO t WHERE old.a > 1 DO ALSO DELETE FROM t WHERE id = old.b; ALTER TABLE t ADD CHECK (a > b), ADD UNIQUE (c, a), ADD FOREIGN KEY (b) REFERENCES t;
-- after
CREATE TABLE t (id int PRIMARY KEY, c2 text); CREATE VIEW v AS SELECT id FROM t; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE TRIGGER g BEFORE UPDATE OF id ON t FOR EACH ROW EXECUTE FUNCTION tf(); CREATE POLICY p ON t USING (id > 0); CREATE PUBLICATION pub FOR TABLE t;
-- case: hash partitions, a default partition, subpartitions change
CREATE TABLE h (a int, b text) PARTITION BY HASH (a); CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1); CREATE TABLE l (a int, b text, c date) PARTITION BY LIST (b); CREATE TABLE ld PARTITION OF l DEFAULT; CREATE TABLE lx PARTITION OF l FOR VALUES IN ('x', NULL) PARTITION BY RANGE (c, a); CREATE TABLE lx1 PARTITION OF lx FOR VALUES FROM (MINVALUE, MINVALUE) TO ('2024-01-01', 3); CREATE INDEX li ON l (c); ALTER TABLE l ADD UNIQUE (b, c, a);
-- after
CREATE TABLE h (a int, b text) PARTITION BY HASH (a); CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 0); CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 1); CREATE TABLE h2 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 2); CREATE TABLE l (a int, b text, c date, d int DEFAULT 3) PARTITION BY LIST (b); CREATE TABLE ld (d int DEFAULT 4, c date, b text, a int); ALTER TABLE l ATTACH PARTITION ld FOR VALUES IN ('y'); CREATE TABLE lx PARTITION OF l DEFAULT PARTITION BY RANGE (c); CREATE TABLE lx1 PARTITION OF lx FOR VALUES FROM ('2023-01-01') TO (MAXVALUE); CREATE INDEX li ON l (c, a); CREATE INDEX own ON lx1 (d); ALTER TABLE l ADD UNIQUE (b, c);
-- case: comments on what is not a table
CREATE TYPE c AS (a int); CREATE FUNCTION f(c) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE CAST (c AS int) WITH FUNCTION f(c); CREATE FUNCTION eq(c, c) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR === (LEFTARG = c, RIGHTARG = c, FUNCTION = eq); CREATE DOMAIN d AS int CONSTRAINT k CHECK (VALUE > 0); CREATE TABLE t (a int); CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tf(); CREATE POLICY p ON t; CREATE STATISTICS st ON a, (a + 1) FROM t; CREATE COLLATION co FROM "C"; CREATE TEXT SEARCH CONFIGURATION ts (COPY = simple); CREATE SEQUENCE q;
-- after
CREATE TYPE c AS (a int); CREATE FUNCTION f(c) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE CAST (c AS int) WITH FUNCTION f(c); CREATE FUNCTION eq(c, c) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR === (LEFTARG = c, RIGHTARG = c, FUNCTION = eq); CREATE DOMAIN d AS int CONSTRAINT k CHECK (VALUE > 0); CREATE TABLE t (a int); CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tf(); CREATE POLICY p ON t; CREATE STATISTICS st ON a, (a + 1) FROM t; CREATE COLLATION co FROM "C"; CREATE TEXT SEARCH CONFIGURATION ts (COPY = simple); CREATE SEQUENCE q; COMMENT ON TYPE c IS 'c'; COMMENT ON COLUMN c.a IS 'a'; COMMENT ON CAST (c AS int) IS 'x'; COMMENT ON OPERATOR === (c, c) IS 'o'; COMMENT ON CONSTRAINT k ON DOMAIN d IS 'k'; COMMENT ON TRIGGER g ON t IS 'g'; COMMENT ON POLICY p ON t IS 'p'; COMMENT ON STATISTICS st IS 's'; COMMENT ON COLLATION co IS 'co'; COMMENT ON TEXT SEARCH CONFIGURATION ts IS 'ts'; COMMENT ON SEQUENCE q IS 'q'; COMMENT ON FUNCTION f(c) IS 'f'; COMMENT ON DOMAIN d IS 'd';
-- case: serials, identities and plain sequences in every direction
CREATE TABLE t (a serial, b int GENERATED ALWAYS AS IDENTITY, c bigserial, d smallint GENERATED BY DEFAULT AS IDENTITY (START 5 INCREMENT 2 MAXVALUE 99 CYCLE), e int DEFAULT 1, f serial); CREATE SEQUENCE s OWNED BY t.e; ALTER TABLE t ALTER e SET DEFAULT nextval('s');
-- after
CREATE TABLE t (a int GENERATED BY DEFAULT AS IDENTITY, b serial, c serial, d bigint GENERATED ALWAYS AS IDENTITY (START 6 CACHE 10), e int, f bigserial); CREATE SEQUENCE s;
-- case: names that differ by quotes and case, longest names
CREATE TABLE "T" (a int); CREATE TABLE t (a int); CREATE TABLE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb serial PRIMARY KEY, c int UNIQUE);
-- after
CREATE TABLE "T" (a int, "A" int, UNIQUE (a, "A")); CREATE TABLE t (a int CHECK (a > 0)); CREATE TABLE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb bigserial PRIMARY KEY, c int UNIQUE NOT NULL CHECK (c > 1)); CREATE INDEX ON aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (c); CREATE INDEX ON aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (c, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb);
-- case: procedures, variadic, out, polymorphic and set-returning routines change
CREATE PROCEDURE pr(a int, INOUT b text DEFAULT 'x') LANGUAGE plpgsql AS 'BEGIN END'; CREATE FUNCTION va(VARIADIC int[]) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION po(anyelement, anyarray DEFAULT NULL) RETURNS anyelement LANGUAGE sql AS 'SELECT $1'; CREATE FUNCTION ta(a int) RETURNS TABLE (x int, y text) LANGUAGE sql AS 'SELECT 1, 2::text'; CREATE FUNCTION ou(a int, OUT b int) LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION st(int) RETURNS int LANGUAGE sql STRICT LEAKPROOF COST 7 SET search_path = public, pg_temp SET work_mem = '1MB' AS 'SELECT 1';
-- after
CREATE PROCEDURE pr(a int, INOUT b text DEFAULT 'y', c int DEFAULT 3) LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN END'; CREATE FUNCTION va(VARIADIC int[]) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; CREATE FUNCTION po(anyelement, anyarray) RETURNS anyelement LANGUAGE sql AS 'SELECT $1'; CREATE FUNCTION ta(a int) RETURNS TABLE (x int, y text, z date) LANGUAGE sql ROWS 5 AS 'SELECT 1, 2::text, now()::date'; CREATE FUNCTION ou(aa int, OUT b int) LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION st(int) RETURNS int LANGUAGE sql STABLE PARALLEL SAFE SET search_path = '' AS 'SELECT 1'; CREATE VIEW v AS SELECT * FROM ta(1);
