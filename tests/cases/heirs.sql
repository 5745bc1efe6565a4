-- case: a column is the parent's and the heir's own: both drop it
CREATE TABLE p (a int, b int); CREATE TABLE h (b int, c int) INHERITS (p);
-- after
CREATE TABLE p (a int); CREATE TABLE h (c int) INHERITS (p);
-- case: a column is the parent's and the heir's own: it changes its type and default
CREATE TABLE p (a int, b int DEFAULT 1); CREATE TABLE h (b int DEFAULT 2, c int) INHERITS (p); CREATE VIEW v AS SELECT b FROM h;
-- after
CREATE TABLE p (a int, b bigint DEFAULT 3); CREATE TABLE h (b bigint DEFAULT 4, c int) INHERITS (p); CREATE VIEW v AS SELECT b FROM h;
-- case: a column of two parents is dropped from one, and from both
CREATE TABLE p (a int, b int); CREATE TABLE q (a int, b int); CREATE TABLE h () INHERITS (p, q);
-- after
CREATE TABLE p (a int); CREATE TABLE q (b int); CREATE TABLE h () INHERITS (p, q);
-- case: an heir gets a second parent
CREATE TABLE p (a int); CREATE TABLE q (b int); CREATE TABLE h (c int) INHERITS (p);
-- after
CREATE TABLE p (a int); CREATE TABLE q (b int); CREATE TABLE h (b int, c int) INHERITS (p); ALTER TABLE h INHERIT q;
-- case: defaults of heirs differ from their parents', and not null goes from both
CREATE TABLE p (a int DEFAULT 1, b int DEFAULT 2, c int NOT NULL); CREATE TABLE h () INHERITS (p); ALTER TABLE h ALTER a DROP DEFAULT, ALTER b SET DEFAULT 9;
-- after
CREATE TABLE p (a int, b int DEFAULT 3, c int); CREATE TABLE h () INHERITS (p); ALTER TABLE h ALTER a SET DEFAULT 5, ALTER b DROP DEFAULT;
-- case: indexes, keys, triggers, policies and rules are the heir's own
CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE h () INHERITS (p); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- after
CREATE TABLE p (a int PRIMARY KEY, b int UNIQUE); CREATE TABLE h (UNIQUE (b, a), FOREIGN KEY (b) REFERENCES p) INHERITS (p); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE INDEX ON h (b); CREATE TRIGGER tr BEFORE INSERT ON h FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE h ENABLE ROW LEVEL SECURITY; CREATE POLICY q ON h USING (a > 0); CREATE RULE r AS ON DELETE TO h DO INSTEAD NOTHING;
-- case: a generated column is inherited
CREATE TABLE p (a int, g int GENERATED ALWAYS AS (a * 2) STORED); CREATE TABLE h (b int) INHERITS (p);
-- after
CREATE TABLE p (a int, g int GENERATED ALWAYS AS (a * 3) STORED, k text GENERATED ALWAYS AS (a::text) STORED); CREATE TABLE h (b int) INHERITS (p);
-- case: a foreign table is an heir, and a parent
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE TABLE p (a int);
-- after
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE TABLE p (a int, b text NOT NULL, CHECK (a > 0)); CREATE FOREIGN TABLE f (c int) INHERITS (p) SERVER s; CREATE FOREIGN TABLE g (x int) SERVER s; CREATE TABLE h (y int) INHERITS (g);
-- case: storage and statistics are inherited or the heir's own
CREATE TABLE p (a text, b text); CREATE TABLE h () INHERITS (p); ALTER TABLE ONLY h ALTER a SET STATISTICS 7;
-- after
CREATE TABLE p (a text, b text); ALTER TABLE p ALTER a SET STORAGE EXTERNAL; CREATE TABLE h () INHERITS (p); ALTER TABLE p ALTER b SET STATISTICS 9; ALTER TABLE h ALTER b SET STORAGE MAIN;
-- case: heirs in another schema, of the same name
CREATE SCHEMA s; CREATE TABLE t (a int); CREATE TABLE s.t (b int) INHERITS (public.t);
-- after
CREATE SCHEMA s; CREATE TABLE t (a int, c date); CREATE TABLE s.t (b int) INHERITS (public.t); CREATE TABLE s.u () INHERITS (s.t);
-- case: a check is inherited from two parents
CREATE TABLE p (a int, CONSTRAINT c CHECK (a > 0)); CREATE TABLE q (a int, CONSTRAINT c CHECK (a > 0)); CREATE TABLE h () INHERITS (p, q);
-- after
CREATE TABLE p (a int, CONSTRAINT c CHECK (a > 0), CONSTRAINT d CHECK (a < 9)); CREATE TABLE q (a int, CONSTRAINT d CHECK (a < 9)); CREATE TABLE h () INHERITS (p, q);

-- case: an heir with a foreign key and a check of its own, and a function that returns its rows
-- after
CREATE TABLE note (id serial PRIMARY KEY, class int NOT NULL, body text NOT NULL, asset_id int NOT NULL,
    CONSTRAINT nothing_here CHECK (false) NO INHERIT);
CREATE TABLE asset (id serial PRIMARY KEY);
CREATE TABLE asset_note (CONSTRAINT of_asset CHECK (class = 4), FOREIGN KEY (asset_id) REFERENCES asset (id)) INHERITS (note);
ALTER TABLE asset_note ALTER COLUMN class SET DEFAULT 4;
CREATE FUNCTION notes_of(asset int) RETURNS SETOF asset_note LANGUAGE sql AS 'SELECT * FROM asset_note';

-- case: heirs of heirs, whose foreign keys go round in a ring
-- after
CREATE TABLE parent (id serial PRIMARY KEY, note text NOT NULL, other int NOT NULL);
CREATE TABLE child (PRIMARY KEY (id), own int CHECK (own > 0)) INHERITS (parent);
CREATE TABLE grandchild (PRIMARY KEY (id), CONSTRAINT of_child FOREIGN KEY (other) REFERENCES child (id)) INHERITS (child);
ALTER TABLE child ADD CONSTRAINT of_grandchild FOREIGN KEY (other) REFERENCES grandchild (id);
ALTER TABLE parent ADD CONSTRAINT of_child FOREIGN KEY (other) REFERENCES child (id);
-- case: a check that two parents have, and one that an heir has itself as well, get other names
CREATE TABLE p (a int, CONSTRAINT c CHECK (a > 0)); CREATE TABLE q (a int, CONSTRAINT c CHECK (a > 0)); CREATE TABLE h () INHERITS (p, q); CREATE TABLE r (a int, CONSTRAINT c CHECK (a > 0)); CREATE TABLE i (CONSTRAINT c CHECK (a > 0)) INHERITS (r);
-- after
CREATE TABLE p (a int, CONSTRAINT d CHECK (a > 0)); CREATE TABLE q (a int, CONSTRAINT d CHECK (a > 0)); CREATE TABLE h () INHERITS (p, q); CREATE TABLE r (a int, CONSTRAINT d CHECK (a > 0)); CREATE TABLE i (CONSTRAINT d CHECK (a > 0)) INHERITS (r);
-- case: checks of a parent and of its partition change names with each other; one of a table made of a type gets another
CREATE TABLE p (a int, CONSTRAINT c CHECK (a > 0)) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p (CONSTRAINT own CHECK (a > 1)) FOR VALUES IN (3); CREATE TYPE ty AS (a int); CREATE TABLE t OF ty (CONSTRAINT x CHECK (a > 0));
-- after
CREATE TABLE p (a int, CONSTRAINT own CHECK (a > 0)) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p (CONSTRAINT c CHECK (a > 1)) FOR VALUES IN (3); CREATE TYPE ty AS (a int); CREATE TABLE t OF ty (CONSTRAINT y CHECK (a > 0));
-- case: how values are stored and counted changes for parents and heirs alike (14)
CREATE TABLE p (a int, b text) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE q (b text); CREATE TABLE h () INHERITS (q); CREATE TABLE h2 () INHERITS (h);
-- after
CREATE TABLE p (a int, b text) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); ALTER TABLE p ALTER b SET COMPRESSION pglz, ALTER b SET STORAGE MAIN, ALTER b SET STATISTICS 9, ALTER b SET (n_distinct = 5); ALTER TABLE p1 ALTER b SET COMPRESSION pglz, ALTER b SET (n_distinct = 5);
CREATE TABLE q (b text); CREATE TABLE h () INHERITS (q); CREATE TABLE h2 () INHERITS (h); ALTER TABLE q ALTER b SET COMPRESSION pglz, ALTER b SET STORAGE MAIN, ALTER b SET STATISTICS 9, ALTER b SET (n_distinct = 5); ALTER TABLE h2 ALTER b SET COMPRESSION pglz, ALTER b SET (n_distinct = 5);
-- case: a new column of parents is stored and counted as it is in some heirs (14)
CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); CREATE TABLE q (a int); CREATE TABLE h () INHERITS (q); CREATE TABLE h2 () INHERITS (h);
-- after
CREATE TABLE p (a int, b text COMPRESSION pglz) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); ALTER TABLE p ALTER b SET STATISTICS 9, ALTER b SET (n_distinct = 5); ALTER TABLE p1 ALTER b SET (n_distinct = 5); ALTER TABLE p2 ALTER b SET COMPRESSION default;
CREATE TABLE q (a int, b text COMPRESSION pglz); CREATE TABLE h () INHERITS (q); CREATE TABLE h2 () INHERITS (h); ALTER TABLE ONLY q ALTER b SET STATISTICS 9, ALTER b SET (n_distinct = 5); ALTER TABLE h2 ALTER b SET (n_distinct = 5);
-- case: new heirs and partitions beside their parents, stored and counted as they or otherwise (14)
CREATE TABLE q (b text); ALTER TABLE q ALTER b SET COMPRESSION pglz, ALTER b SET STATISTICS 9, ALTER b SET (n_distinct = 5);
-- after
CREATE TABLE q (b text); CREATE TABLE h () INHERITS (q); CREATE TABLE h2 () INHERITS (h); ALTER TABLE q ALTER b SET COMPRESSION pglz, ALTER b SET STATISTICS 9, ALTER b SET (n_distinct = 5); ALTER TABLE h ALTER b SET COMPRESSION pglz;
CREATE TABLE p (a int, b text COMPRESSION pglz) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); ALTER TABLE p ALTER b SET STATISTICS 9, ALTER b SET (n_distinct = 5); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); CREATE TABLE p3 PARTITION OF p FOR VALUES IN (3) PARTITION BY LIST (b); CREATE TABLE p31 PARTITION OF p3 DEFAULT; ALTER TABLE p3 ALTER b SET STATISTICS 7;
-- case: a table comes to inherit columns and checks that it lacks, which are not its own
CREATE TABLE p (a int, c int, b text NOT NULL DEFAULT 'x', CONSTRAINT k CHECK (a > 0), CONSTRAINT both_of CHECK (c > a)); CREATE TABLE h (c int DEFAULT 7); CREATE TABLE hh (z int) INHERITS (h); CREATE VIEW v AS SELECT * FROM hh;
-- after
CREATE TABLE p (a int DEFAULT 4, c int, b text NOT NULL DEFAULT 'x', CONSTRAINT k CHECK (a > 0), CONSTRAINT both_of CHECK (c > a)); CREATE TABLE h (c int DEFAULT 7) INHERITS (p); ALTER TABLE h ALTER a SET DEFAULT 12; COMMENT ON COLUMN h.b IS 'b'; COMMENT ON CONSTRAINT k ON h IS 'k'; CREATE TABLE hh (z int) INHERITS (h); CREATE VIEW v AS SELECT * FROM hh;
-- case: a table comes to inherit from two parents, one of them new
CREATE TABLE p (a serial, b date, g int GENERATED ALWAYS AS (1 + 1) STORED); CREATE TABLE h (c int);
-- after
CREATE TABLE p (a serial, b date, g int GENERATED ALWAYS AS (1 + 1) STORED); CREATE TABLE q (x int NOT NULL, b date); CREATE TABLE h (c int) INHERITS (p, q); CREATE INDEX ON h (b, x);
-- case: defaults of parents that heirs and partitions share, and one that waits for a function
CREATE TABLE p (a int DEFAULT 1, b int, c int DEFAULT 4) PARTITION BY LIST (b); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (b); CREATE TABLE p11 PARTITION OF p1 DEFAULT; CREATE TABLE p2 PARTITION OF p DEFAULT; ALTER TABLE ONLY p2 ALTER c SET DEFAULT 7;
-- after
CREATE TABLE p (a int DEFAULT 2, b int, c int DEFAULT 5) PARTITION BY LIST (b); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (b); CREATE TABLE p11 PARTITION OF p1 DEFAULT; CREATE TABLE p2 PARTITION OF p DEFAULT; ALTER TABLE ONLY p2 ALTER c SET DEFAULT 8;
CREATE TABLE t (id int, n int); CREATE FUNCTION nx() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT max(id) FROM t; END; ALTER TABLE t ALTER n SET DEFAULT nx(); CREATE TABLE u () INHERITS (t);
