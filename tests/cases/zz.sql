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
-- case: an enum loses a value that is used in a partition's bound, a policy, a trigger's condition and a partial index
CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (x e DEFAULT 'a', y e[] DEFAULT '{a}', z int) PARTITION BY LIST (x); CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('a'); CREATE TABLE u (x e, y int CHECK (y > 0 OR 'a'::e > 'b'::e)); CREATE INDEX i ON u (y) WHERE x = 'b'; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE TRIGGER g BEFORE UPDATE ON u FOR EACH ROW WHEN (new.x = 'b') EXECUTE FUNCTION tf(); CREATE POLICY p ON u USING (x <> 'a');
-- after
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE t (x e DEFAULT 'a', y e[] DEFAULT '{a}', z int) PARTITION BY LIST (x); CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('a'); CREATE TABLE u (x e, y int CHECK (y > 0 OR 'a'::e > 'b'::e)); CREATE INDEX i ON u (y) WHERE x = 'b'; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE TRIGGER g BEFORE UPDATE ON u FOR EACH ROW WHEN (new.x = 'b') EXECUTE FUNCTION tf(); CREATE POLICY p ON u USING (x <> 'a');
-- case: constraint triggers, deferred foreign keys in a ring, self reference
CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a DEFERRABLE, s int REFERENCES b ON DELETE CASCADE); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE CONSTRAINT TRIGGER c AFTER INSERT ON a FROM b DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tf('x', '1');
-- after
CREATE TABLE a (id bigint PRIMARY KEY, b bigint); CREATE TABLE b (id bigint PRIMARY KEY, a bigint REFERENCES a INITIALLY DEFERRED, s bigint REFERENCES b ON DELETE SET NULL); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b ON UPDATE CASCADE; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE CONSTRAINT TRIGGER c AFTER INSERT OR UPDATE OF b ON a DEFERRABLE FOR EACH ROW WHEN (new.id > 1) EXECUTE FUNCTION tf('x');
-- case: inheritance by several parents, columns overridden
CREATE TABLE p (a int DEFAULT 1, b text); CREATE TABLE q (a int, c int CHECK (c > 0)); CREATE TABLE h (d int) INHERITS (p, q); CREATE TABLE k () INHERITS (h);
-- after
CREATE TABLE p (a int DEFAULT 2, b text, x int NOT NULL DEFAULT 0); CREATE TABLE q (a int, c int CHECK (c > 1) NO INHERIT); CREATE TABLE h (d int, b text DEFAULT 'z') INHERITS (q, p); CREATE TABLE k (e int) INHERITS (h);
-- case: quotes, dollars and backslashes everywhere
CREATE TABLE "Weird ""Table""" ("select" int DEFAULT 1, "a.b" text DEFAULT E'it''s \\ $1 $$', "日本" text COLLATE "C");
-- after
CREATE TABLE "Weird ""Table""" ("select" bigint DEFAULT 2, "a.b" text DEFAULT E'it''s \\ $2 $$ $function$', "日本" text COLLATE "C" CHECK ("日本" ~ '^\d+$'), "new col" int); COMMENT ON COLUMN "Weird ""Table"""."a.b" IS E'x\\y''z'; CREATE FUNCTION "F f"("a B" int, OUT "c.d" text) LANGUAGE plpgsql AS $xx$BEGIN "c.d" := $$z$$ || '\'; END$xx$; CREATE INDEX "I""x" ON "Weird ""Table""" ((lower("a.b")), "select" DESC);
