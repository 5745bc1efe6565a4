-- case: everything to nothing
CREATE SCHEMA s; CREATE TYPE s.e AS ENUM ('a'); CREATE DOMAIN s.d AS text CHECK (VALUE <> ''); CREATE TABLE s.a (id serial PRIMARY KEY, e s.e, d s.d); CREATE TABLE s.b (a int REFERENCES s.a); ALTER TABLE s.a ADD b int; CREATE VIEW s.v AS SELECT * FROM s.a JOIN s.b ON a = id; CREATE MATERIALIZED VIEW s.m AS SELECT 1 AS x; CREATE FUNCTION s.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; CREATE TRIGGER t AFTER INSERT ON s.a EXECUTE FUNCTION s.f(); CREATE EXTENSION hstore; CREATE SEQUENCE lonely; CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT;
-- after
-- case: primary key changes under its references
CREATE TABLE a (id int PRIMARY KEY, k uuid NOT NULL); CREATE TABLE b (a int REFERENCES a); CREATE TABLE c (a int REFERENCES a ON DELETE CASCADE);
-- after
CREATE TABLE a (id int UNIQUE, k uuid PRIMARY KEY); CREATE TABLE b (a uuid REFERENCES a); CREATE TABLE c (a int REFERENCES a (id) ON DELETE CASCADE);
-- case: columns of views are renamed, retyped, reordered
CREATE TABLE t (a int, b text, c date); CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT * FROM v; GRANT SELECT ON w TO PUBLIC; COMMENT ON VIEW w IS 'w';
-- after
CREATE TABLE t (a int, b text, c date); CREATE VIEW v AS SELECT a AS x, b, c FROM t; CREATE VIEW w AS SELECT b FROM v; GRANT SELECT ON w TO PUBLIC; COMMENT ON VIEW w IS 'w';
-- case: partitioned tables in depth
CREATE TABLE m (id bigint GENERATED ALWAYS AS IDENTITY, r text, at timestamptz NOT NULL) PARTITION BY LIST (r); CREATE TABLE ma PARTITION OF m FOR VALUES IN ('a') PARTITION BY RANGE (at); CREATE TABLE ma1 PARTITION OF ma FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2026-02-01 00:00+00'); CREATE INDEX ON m (at);
-- after
CREATE TABLE m (id int, r text DEFAULT 'a', at timestamptz NOT NULL DEFAULT now(), v int, CHECK (v > 0)) PARTITION BY LIST (r); CREATE TABLE ma PARTITION OF m FOR VALUES IN ('a', 'b') PARTITION BY RANGE (at); CREATE TABLE ma1 PARTITION OF ma (v DEFAULT 5) FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2026-03-01 00:00+00'); CREATE TABLE ma2 PARTITION OF ma DEFAULT; CREATE INDEX ON m (at, r); ALTER TABLE ma1 ADD CHECK (v < 100);
-- case: a partition has its columns in another order
-- after
CREATE TABLE m (a int, b text, c date) PARTITION BY RANGE (c); CREATE TABLE m1 (c date, gone int, b text, a int); ALTER TABLE m1 DROP gone; ALTER TABLE m ATTACH PARTITION m1 FOR VALUES FROM (MINVALUE) TO ('2026-01-01'); CREATE TABLE e (x int, y int) PARTITION BY RANGE ((x + y), y); CREATE TABLE e1 PARTITION OF e FOR VALUES FROM (1, MINVALUE) TO (5, MAXVALUE);
-- case: inherited columns change
CREATE TABLE p (a int, b text DEFAULT 'x', CHECK (a > 0)); CREATE TABLE c (d int) INHERITS (p); CREATE TABLE g (e int) INHERITS (c); CREATE INDEX ON c (a);
-- after
CREATE TABLE p (a bigint NOT NULL, n date, CHECK (a > 1)); CREATE TABLE c (d int) INHERITS (p); CREATE TABLE g (e int) INHERITS (c); CREATE INDEX ON c (a);
-- case: heirs come and go
CREATE TABLE p (a int); CREATE TABLE q (z int); CREATE TABLE d (a int, b int);
-- after
CREATE TABLE p (a int); CREATE TABLE q (z int); CREATE TABLE d (a int, b int); ALTER TABLE d INHERIT p;
-- case: policies with roles and subselects
CREATE TABLE t (a int, o name); CREATE TABLE u (n name); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t FOR SELECT TO pg_monitor USING (a > 0);
-- after
CREATE TABLE t (a int, o name); CREATE TABLE u (n name); CREATE POLICY p ON t FOR SELECT TO pg_monitor, pg_read_all_data USING (o IN (SELECT n FROM u)); CREATE POLICY q ON t FOR UPDATE USING (a > 0) WITH CHECK (a > 0 AND EXISTS (SELECT 1 FROM t t2 WHERE t2.a = t.a)); CREATE POLICY r ON t FOR INSERT WITH CHECK (o = current_user);
-- case: exclusion and geometry
CREATE EXTENSION btree_gist; CREATE TABLE b (room int, during tsrange);
-- after
CREATE EXTENSION btree_gist; CREATE TABLE b (room int, during tsrange, EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (room > 0) DEFERRABLE, p point, EXCLUDE USING gist (p WITH ~=)); CREATE INDEX ON b USING spgist (p);
-- case: an extension goes with its columns
CREATE EXTENSION citext; CREATE TABLE t (a citext UNIQUE, b int); CREATE INDEX ON t (a);
-- after
CREATE TABLE t (a text UNIQUE, b int); CREATE INDEX ON t (a);
-- case: an extension in a schema of its own
-- after
CREATE SCHEMA ext; CREATE EXTENSION pg_trgm SCHEMA ext; CREATE EXTENSION "uuid-ossp"; CREATE TABLE t (a text, id uuid DEFAULT uuid_generate_v4()); CREATE INDEX ON t USING gist (a ext.gist_trgm_ops (siglen = 32)); COMMENT ON EXTENSION pg_trgm IS 'mine';
-- case: a function is used everywhere and changes its result
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE TABLE t (a int DEFAULT f(1), b int, CHECK (f(b) > 0), g int GENERATED ALWAYS AS (f(b)) STORED); CREATE INDEX i ON t (f(b)); CREATE VIEW v AS SELECT f(a) AS x FROM t; CREATE DOMAIN d AS int CHECK (f(VALUE) > 0);
-- after
CREATE FUNCTION f(int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1::bigint'; CREATE TABLE t (a int DEFAULT f(1), b int, CHECK (f(b) > 0), g int GENERATED ALWAYS AS (f(b)) STORED); CREATE INDEX i ON t (f(b)); CREATE VIEW v AS SELECT f(a) AS x FROM t; CREATE DOMAIN d AS int CHECK (f(VALUE) > 0);
-- case: views use views that use functions that use views
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int); CREATE VIEW a1 AS SELECT a FROM t; CREATE FUNCTION b1() RETURNS SETOF a1 LANGUAGE sql AS 'SELECT * FROM public.a1'; CREATE VIEW a0 AS SELECT * FROM b1(); CREATE FUNCTION a00() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM a0; END; CREATE VIEW zz AS SELECT a00() AS n, x.* FROM a0 x; CREATE MATERIALIZED VIEW aa AS SELECT * FROM zz;
-- case: not null, default and type in one go, on a table that is referenced by its row type
CREATE TABLE t (a text, b int); CREATE FUNCTION f(t) RETURNS text LANGUAGE sql AS 'SELECT ($1).a'; CREATE VIEW v AS SELECT t FROM t; CREATE TABLE h (x t);
-- after
CREATE TABLE t (a text NOT NULL DEFAULT 'q', b int, c date); CREATE FUNCTION f(t) RETURNS text LANGUAGE sql AS 'SELECT ($1).a'; CREATE VIEW v AS SELECT t FROM t; CREATE TABLE h (x t);
-- case: foreign keys of all sorts (15)
CREATE TABLE a (x int, y int, PRIMARY KEY (x, y)); CREATE TABLE b (x int, y int);
-- after
CREATE TABLE a (x int, y int, PRIMARY KEY (x, y)); CREATE TABLE b (x int, y int, CONSTRAINT full_one FOREIGN KEY (x, y) REFERENCES a MATCH FULL ON UPDATE CASCADE ON DELETE SET DEFAULT, CONSTRAINT partly FOREIGN KEY (x, y) REFERENCES a (x, y) ON DELETE SET NULL (y) NOT VALID, self int UNIQUE REFERENCES b (self) DEFERRABLE INITIALLY DEFERRED);
