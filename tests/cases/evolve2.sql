-- case: a table moves between schemas
CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (id serial PRIMARY KEY, x int CHECK (x > 0)); CREATE VIEW v AS SELECT * FROM a.t;
-- after
CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE b.t (id serial PRIMARY KEY, x int CHECK (x > 0)); CREATE VIEW v AS SELECT * FROM b.t;
-- case: a whole schema goes and another comes
CREATE SCHEMA a; CREATE TYPE a.e AS ENUM ('x'); CREATE TABLE a.t (id serial PRIMARY KEY, e a.e DEFAULT 'x'); CREATE FUNCTION a.f(a.t) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW a.v AS SELECT a.f(t) AS x FROM a.t; COMMENT ON SCHEMA a IS 'a';
-- after
CREATE SCHEMA b; CREATE TYPE b.e AS ENUM ('x'); CREATE TABLE b.t (id serial PRIMARY KEY, e b.e DEFAULT 'x'); CREATE FUNCTION b.f(b.t) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW b.v AS SELECT b.f(t) AS x FROM b.t; COMMENT ON SCHEMA public IS NULL;
-- case: the schema public goes (15)
CREATE TABLE t (a int);
-- after
DROP SCHEMA public; CREATE SCHEMA app; CREATE TABLE app.t (a int);
-- case: columns in another order and many of them
CREATE TABLE t (a int, b int, c int, d text);
-- after
CREATE TABLE t (d text, c int, b int, a int, e text NOT NULL DEFAULT '');
-- case: dropped columns leave holes
CREATE TABLE t (a int, x int, b int); ALTER TABLE t DROP COLUMN x; CREATE INDEX i ON t (b); CREATE VIEW v AS SELECT * FROM t;
-- after
CREATE TABLE t (a int, b int, c int); CREATE INDEX i ON t (b, c); CREATE VIEW v AS SELECT * FROM t;
-- case: comments come, change and go on all that hangs on a table
CREATE TABLE t (a int PRIMARY KEY, b int CHECK (b > 0)); COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.a IS 'a'; COMMENT ON CONSTRAINT t_b_check ON t IS 'c'; COMMENT ON INDEX t_pkey IS 'p';
-- after
CREATE TABLE t (a int PRIMARY KEY, b int CHECK (b > 0)); COMMENT ON TABLE t IS 'it''s'; COMMENT ON COLUMN t.b IS E'b\nc'; COMMENT ON CONSTRAINT t_pkey ON t IS 'k'; COMMENT ON INDEX t_pkey IS 'q';
-- case: exclusion constraint changes
CREATE TABLE t (a int4range, b int, c daterange, EXCLUDE USING gist (a WITH &&)); 
-- after
CREATE TABLE t (a int4range, b int, c daterange, EXCLUDE USING gist (a WITH =, c WITH &&) WHERE (b > 0) DEFERRABLE INITIALLY DEFERRED);
-- case: check constraints with functions and casts
CREATE TABLE t (a text, b int, c varchar(10), d date, e jsonb);
-- after
CREATE FUNCTION ok(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 <> ''''';
CREATE TABLE t (a text CHECK (ok(a)), b int CHECK (b BETWEEN 1 AND 10 OR b IN (20, 30)), c varchar(10) CHECK (c ~ '^[a-z]+$' AND c NOT LIKE 'x%' AND c <> ALL (ARRAY['q', 'r'])), d date CHECK (d > '2000-01-01' AND extract(year FROM d) < 2100), e jsonb CHECK (e ? 'a' AND e -> 'b' IS NOT NULL AND (e ->> 'c')::int > 0), CHECK (CASE WHEN a IS NULL THEN b IS NULL ELSE b > 0 END), CHECK ((a, b) IS DISTINCT FROM ('x', 1)), CHECK (num_nonnulls(a, b, c) = 1));
-- case: views with ctes, windows, laterals, sets, grouping
CREATE TABLE t (a int, b text, c timestamptz); CREATE TABLE u (a int, b text);
-- after
CREATE TABLE t (a int, b text, c timestamptz); CREATE TABLE u (a int, b text);
CREATE VIEW v1 AS WITH x AS (SELECT a, row_number() OVER (PARTITION BY b ORDER BY c DESC) AS n FROM t) SELECT x.a, u.b FROM x JOIN u USING (a) WHERE n = 1;
CREATE VIEW v2 AS SELECT a, b FROM t UNION ALL (SELECT a, b FROM u EXCEPT SELECT 1, 'x') ORDER BY 1 LIMIT 10 OFFSET 2;
CREATE VIEW v3 AS SELECT t.a, l.n FROM t LEFT JOIN LATERAL (SELECT count(*) AS n FROM u WHERE u.a = t.a) l ON true;
CREATE VIEW v4 AS SELECT b, date_trunc('day', c) AS d, count(DISTINCT a) FILTER (WHERE a > 0) AS n, string_agg(b, ',' ORDER BY b) AS s FROM t GROUP BY GROUPING SETS ((b), (b, date_trunc('day', c)), ()) HAVING count(*) > 1;
CREATE VIEW v5 AS SELECT a, b FROM (VALUES (1, 'x'), (2, 'y')) AS q(a, b) WHERE a IN (SELECT a FROM u) AND NOT EXISTS (SELECT 1 FROM t WHERE t.a = q.a) AND b = ANY ('{x,y}'::text[]);
CREATE VIEW v6 AS SELECT DISTINCT ON (a) a, b, coalesce(b, 'z') AS c, a::numeric(10,2) AS d, b || 'x' AS e, (c AT TIME ZONE 'UTC')::date AS f, array_agg(a) OVER w AS g FROM t WINDOW w AS (PARTITION BY b) ORDER BY a, c;
CREATE VIEW v7 AS SELECT t.*, u.b AS ub FROM t FULL JOIN u ON t.a = u.a CROSS JOIN generate_series(1, 3) AS g(i) WHERE t.b ILIKE '%x%' AND i BETWEEN SYMMETRIC 3 AND 1;
CREATE VIEW v8 (x, y) AS SELECT a, CASE b WHEN 'q' THEN 1 ELSE 2 END FROM u FOR UPDATE;
CREATE VIEW v9 AS TABLE t;
-- case: functions that return tables, take defaults and arrays, polymorphic, variadic
CREATE FUNCTION keep() RETURNS int LANGUAGE sql AS 'SELECT 1';
-- after
CREATE FUNCTION keep() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a int, b text);
CREATE FUNCTION f1(x int, y text DEFAULT 'a', z timestamptz DEFAULT now()) RETURNS TABLE (a int, b text) LANGUAGE plpgsql AS $f$ BEGIN RETURN QUERY SELECT t.a, t.b FROM t; END $f$;
CREATE FUNCTION f2(VARIADIC xs int[]) RETURNS int LANGUAGE sql AS 'SELECT xs[1]'; CREATE FUNCTION f3(anyelement, anyarray) RETURNS anyelement LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION f4(INOUT a int, OUT b text) RETURNS SETOF record LANGUAGE sql AS $$ SELECT 1, 'x' $$; CREATE FUNCTION f5() RETURNS t LANGUAGE sql AS 'SELECT * FROM t LIMIT 1'; CREATE FUNCTION f6(t) RETURNS text LANGUAGE sql AS 'SELECT ($1).b';
CREATE FUNCTION f7(a t.a%TYPE) RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC SELECT * FROM t WHERE t.a = f7.a; END; CREATE PROCEDURE p1(INOUT x int DEFAULT 1) LANGUAGE plpgsql AS $$ BEGIN x := x + 1; COMMIT; END $$;
CREATE FUNCTION f8(a int DEFAULT keep(), b int[] DEFAULT ARRAY[1, 2], c t DEFAULT NULL) RETURNS int LANGUAGE sql RETURN a + 1; CREATE VIEW v AS SELECT (f1(1)).*, f6(t) AS x FROM t;
-- case: a trigger function is replaced by one of another schema
CREATE SCHEMA s; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TABLE t (a int); CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
-- after
CREATE SCHEMA s; CREATE FUNCTION s.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TABLE t (a int); CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION s.f();
-- case: partition bounds of all sorts
CREATE TABLE r (a date, b int) PARTITION BY RANGE (a, b); CREATE TABLE r1 PARTITION OF r FOR VALUES FROM ('2020-01-01', MINVALUE) TO ('2021-01-01', MAXVALUE); CREATE TABLE h (a int) PARTITION BY HASH (a); CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0);
-- after
CREATE TABLE r (a date, b int) PARTITION BY RANGE (a, b); CREATE TABLE r1 PARTITION OF r FOR VALUES FROM ('2020-01-01', MINVALUE) TO ('2022-01-01', MAXVALUE); CREATE TABLE r2 PARTITION OF r DEFAULT; CREATE TABLE h (a int) PARTITION BY HASH (a); CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 0); CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 1); CREATE TABLE e (a text, b int) PARTITION BY LIST (lower(a)); CREATE TABLE e1 PARTITION OF e FOR VALUES IN ('x', 'y', NULL) PARTITION BY RANGE (b); CREATE TABLE e11 PARTITION OF e1 FOR VALUES FROM (1) TO (10);
-- case: partitions with their own defaults, indexes, constraints, triggers, comments, policies
CREATE TABLE p (id int, at date NOT NULL, v text DEFAULT 'x', PRIMARY KEY (id, at)) PARTITION BY RANGE (at); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
-- after
CREATE TABLE p (id int, at date NOT NULL, v text DEFAULT 'x', w int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at); CREATE INDEX p_v ON p (v); CREATE TABLE p1 PARTITION OF p (v DEFAULT 'y', CHECK (w > 0)) FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); CREATE INDEX p1_w ON p1 (w); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER tr AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER tr1 AFTER INSERT ON p1 FOR EACH ROW EXECUTE FUNCTION f(); COMMENT ON TABLE p1 IS 'one'; ALTER TABLE p1 ENABLE ROW LEVEL SECURITY; CREATE POLICY q ON p1 USING (w > 1); ALTER TABLE p1 ALTER w SET NOT NULL;
-- case: a foreign key to and from partitioned tables
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE p (id int, a int, PRIMARY KEY (id)) PARTITION BY HASH (id); CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (MODULUS 1, REMAINDER 0); CREATE TABLE c (p int);
-- after
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE p (id int, a int REFERENCES a ON DELETE CASCADE, PRIMARY KEY (id)) PARTITION BY HASH (id); CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (MODULUS 1, REMAINDER 0); CREATE TABLE c (p int REFERENCES p DEFERRABLE);
-- case: inheritance changes parents
CREATE TABLE a (x int, y int DEFAULT 1); CREATE TABLE b (x int); CREATE TABLE c (z int) INHERITS (a); CREATE TABLE d () INHERITS (c, b);
-- after
CREATE TABLE a (x int, y int DEFAULT 2, w text CHECK (w <> '')); CREATE TABLE b (x int); CREATE TABLE c (z int) INHERITS (a); CREATE TABLE d (q int) INHERITS (c, b);
-- case: unlogged, storage parameters, toast
CREATE TABLE t (a text) WITH (fillfactor = 80, autovacuum_enabled = false); CREATE UNLOGGED TABLE u (a serial); CREATE INDEX i ON t (a) WITH (fillfactor = 50);
-- after
CREATE UNLOGGED TABLE t (a text) WITH (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_enabled = off); CREATE TABLE u (a serial) WITH (toast_tuple_target = 256); CREATE INDEX i ON t (a) WITH (deduplicate_items = off);
-- case: extended statistics
CREATE TABLE t (a int, b int, c int); CREATE STATISTICS s1 ON a, b FROM t; CREATE STATISTICS s2 (ndistinct) ON a, c FROM t;
-- after
CREATE TABLE t (a int, b bigint, c int); CREATE STATISTICS s1 (mcv, dependencies) ON a, b, (c + 1) FROM t; CREATE STATISTICS s2 (ndistinct) ON a, c FROM t; ALTER STATISTICS s2 SET STATISTICS 300; CREATE STATISTICS s3 ON (a * 2) FROM t; COMMENT ON STATISTICS s3 IS 's';
-- case: privileges on everything
CREATE TABLE t (a int, b int); CREATE SEQUENCE s; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TYPE e AS ENUM ('x'); CREATE DOMAIN d AS int; CREATE SCHEMA x; CREATE VIEW v AS SELECT a FROM t; GRANT SELECT ON t TO PUBLIC; GRANT ALL ON FUNCTION f() TO pg_monitor; GRANT USAGE ON SCHEMA x TO pg_monitor;
-- after
CREATE TABLE t (a int, b int); CREATE SEQUENCE s; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TYPE e AS ENUM ('x'); CREATE DOMAIN d AS int; CREATE SCHEMA x; CREATE VIEW v AS SELECT a FROM t; GRANT INSERT, UPDATE (b) ON t TO pg_signal_backend WITH GRANT OPTION; GRANT USAGE ON s TO pg_monitor; REVOKE ALL ON FUNCTION f() FROM PUBLIC; REVOKE USAGE ON TYPE e FROM PUBLIC; GRANT USAGE ON DOMAIN d TO pg_monitor; GRANT CREATE ON SCHEMA x TO PUBLIC; GRANT SELECT ON v TO pg_monitor; GRANT pg_monitor TO pg_signal_backend; ALTER TABLE t OWNER TO pg_monitor; ALTER FUNCTION f() OWNER TO pg_monitor; ALTER SCHEMA x OWNER TO pg_monitor;
-- case: a rebuilt view keeps its privileges and comments
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT a FROM v; GRANT SELECT ON v TO pg_monitor; GRANT UPDATE (a) ON w TO PUBLIC; COMMENT ON VIEW w IS 'w'; COMMENT ON COLUMN v.a IS 'a'; ALTER VIEW v ALTER a SET DEFAULT 3;
-- after
CREATE TABLE t (a bigint, b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT a FROM v; GRANT SELECT ON v TO pg_monitor; GRANT UPDATE (a) ON w TO PUBLIC; COMMENT ON VIEW w IS 'w'; COMMENT ON COLUMN v.a IS 'a'; ALTER VIEW v ALTER a SET DEFAULT 3;
-- case: names with everything in them
CREATE SCHEMA "We ird"; CREATE TABLE "We ird"."Ta.ble" ("select" int PRIMARY KEY, "a""b" text DEFAULT 'x', "é🦀" int CHECK ("é🦀" > 0)); CREATE TYPE "We ird"."E num" AS ENUM ('a''b', 'C d');
-- after
CREATE SCHEMA "We ird"; CREATE TYPE "We ird"."E num" AS ENUM ('a''b', 'Z', 'C d'); CREATE TABLE "We ird"."Ta.ble" ("select" bigint PRIMARY KEY, "a""b" text DEFAULT 'y', "é🦀" int CHECK ("é🦀" > 1), "FROM" "We ird"."E num"[]); CREATE INDEX "i x" ON "We ird"."Ta.ble" ("a""b", lower("a""b")); CREATE FUNCTION "We ird"."f n"("A b" int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT "A b"'; CREATE VIEW "We ird"."v w" AS SELECT "We ird"."f n"("select"::int) AS "x y" FROM "We ird"."Ta.ble"; CREATE FUNCTION "We ird".tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER "t r" BEFORE UPDATE OF "a""b" ON "We ird"."Ta.ble" FOR EACH ROW WHEN (NEW."é🦀" > 1) EXECUTE FUNCTION "We ird".tf('a''b'); COMMENT ON COLUMN "We ird"."Ta.ble"."a""b" IS 'q';
-- case: long names that the server cuts
CREATE TABLE a_table_with_a_very_long_name_that_goes_on_and_on_and_on (a_column_with_a_very_long_name_that_goes_on_and_on_and_on serial PRIMARY KEY, another_column_with_a_very_long_name_that_goes_on_and_on int UNIQUE);
-- after
CREATE TABLE a_table_with_a_very_long_name_that_goes_on_and_on_and_on (a_column_with_a_very_long_name_that_goes_on_and_on_and_on int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, another_column_with_a_very_long_name_that_goes_on_and_on int UNIQUE CHECK (another_column_with_a_very_long_name_that_goes_on_and_on > 0), x int REFERENCES a_table_with_a_very_long_name_that_goes_on_and_on_and_on);
-- case: a column is dropped and a view, a trigger, a policy and an index named it
CREATE TABLE t (a int, b int, c int, UNIQUE (a, b), CHECK (b > a)); CREATE VIEW v AS SELECT a, b FROM t; CREATE INDEX i ON t (c) WHERE b > 0; CREATE STATISTICS s ON a, b FROM t; CREATE POLICY p ON t USING (b = 1); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER tr BEFORE UPDATE OF b ON t FOR EACH ROW EXECUTE FUNCTION f();
-- after
CREATE TABLE t (a int, c int, UNIQUE (a)); CREATE VIEW v AS SELECT a FROM t; CREATE INDEX i ON t (c); CREATE POLICY p ON t USING (a = 1); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f();
-- case: what partitions and heirs have of their own changes beside what they inherit
CREATE TABLE p (a int, b int, c text) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE h (x int, y int, z int); CREATE TABLE k () INHERITS (h); COMMENT ON COLUMN k.x IS 'x';
-- after
CREATE TABLE p (a int, b bigint, c text NOT NULL, d int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); ALTER TABLE p1 ALTER b SET NOT NULL, ALTER b SET STATISTICS 7, ALTER d SET NOT NULL, ALTER c SET STORAGE EXTERNAL; COMMENT ON COLUMN p1.b IS 'b'; CREATE TABLE h (x bigint, y int NOT NULL, z int); CREATE TABLE k () INHERITS (h); ALTER TABLE k ALTER x SET NOT NULL, ALTER z SET NOT NULL, ALTER y SET DEFAULT 3; COMMENT ON COLUMN k.x IS 'xx'; COMMENT ON COLUMN k.z IS 'z'; CREATE TABLE j () INHERITS (h); ALTER TABLE j ALTER z SET NOT NULL; COMMENT ON COLUMN j.x IS 'j';
-- case: indexes of constraints are clustered on, identify replicas and have comments
CREATE TABLE t (a int NOT NULL, b int, CONSTRAINT k UNIQUE (a)); 
-- after
CREATE TABLE t (a int NOT NULL, b int, CONSTRAINT k UNIQUE (a)); ALTER TABLE t REPLICA IDENTITY USING INDEX k; ALTER TABLE t CLUSTER ON k; COMMENT ON INDEX k IS 'k'; COMMENT ON CONSTRAINT k ON t IS 'c'; CREATE TABLE u (a int NOT NULL, CONSTRAINT u_k UNIQUE (a)); ALTER TABLE u REPLICA IDENTITY USING INDEX u_k; ALTER TABLE u CLUSTER ON u_k; COMMENT ON INDEX u_k IS 'u';
-- case: what is not valid stays so in new tables and domains
CREATE TABLE keep (a int PRIMARY KEY); ALTER TABLE keep ADD CONSTRAINT c CHECK (a > 0) NOT VALID;
-- after
CREATE TABLE keep (a int PRIMARY KEY); ALTER TABLE keep ADD CONSTRAINT c CHECK (a > 0); CREATE TABLE t (a int, b int); ALTER TABLE t ADD CONSTRAINT t_a CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE t ADD CONSTRAINT t_b FOREIGN KEY (b) REFERENCES keep DEFERRABLE INITIALLY DEFERRED NOT VALID; ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES keep NOT VALID; CREATE DOMAIN d AS int; ALTER DOMAIN d ADD CONSTRAINT d_c CHECK (VALUE > 0) NOT VALID; CREATE TABLE h () INHERITS (t); COMMENT ON CONSTRAINT t_a ON t IS 'later';
