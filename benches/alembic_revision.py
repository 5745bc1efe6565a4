"""Alembic's autogenerate of one changed column, for benches/commands.rs.

    alembic_revision.py URL MODELS prepare    keeps the database's tables as models in the file MODELS, one column changed
    alembic_revision.py URL MODELS            what is timed
"""
import pickle
import sys

from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, String, create_engine

url, file = sys.argv[1].replace("postgres://", "postgresql+psycopg://", 1), sys.argv[2]
if sys.argv[3:] == ["prepare"]:
    models = MetaData()
    models.reflect(create_engine(url))
    models.tables["t0"].c.name.type = String(60)
    with open(file, "wb") as out:
        pickle.dump(models, out)
else:
    with open(file, "rb") as kept:
        models = pickle.load(kept)
    with create_engine(url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = produce_migrations(context, models).upgrade_ops
    assert "60" in str(found.as_diffs()), found.as_diffs()
