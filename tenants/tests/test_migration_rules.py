"""What may run while the release before serves, and what is refused with a sentence that says what to do instead."""

import pytest

from tenants import migration_rules, versions
from tenants.tests import releases

LATER = [("catalog", "9001_later")]
SPAN = 'migrations.AddField("product", "weeks", models.IntegerField(null=True)),'

FINE = {
    "a table": 'migrations.CreateModel("Harvest", [("id", models.BigAutoField(primary_key=True))]),',
    "a column that may be null": 'migrations.AddField("product", "x", models.IntegerField(null=True)),',
    "a column that the database fills": 'migrations.AddField("product", "x", models.IntegerField(db_default=0)),',
    "a moment that the database sets": (
        'migrations.AddField("product", "x", models.DateTimeField(db_default=models.functions.Now())),'
    ),
    "a relation": (
        'migrations.AddField("product", "x", models.ForeignKey("catalog.Category", models.CASCADE, null=True)),'
    ),
    "many relations": 'migrations.AddField("product", "x", models.ManyToManyField("catalog.Category")),',
    "an index": 'migrations.AddIndex("product", models.Index(fields=["name"], name="by_name")),',
    "longer text": 'migrations.AlterField("category", "name", models.CharField(max_length=500)),',
    "text without a limit": 'migrations.AlterField("category", "name", models.TextField()),',
    "a column that may be null from now on": (
        'migrations.AlterField("category", "name", models.CharField(max_length=500, null=True)),'
    ),
    "a constraint that looks at new rows only": (
        'postgres.AddConstraintNotValid("product", models.CheckConstraint(condition=~models.Q(name=""), name="n")),'
    ),
    "looking at the old rows later": 'postgres.ValidateConstraint("product", "n"),',
    "everything on a table that it makes itself": (
        'migrations.CreateModel("Harvest", [("id", models.BigAutoField(primary_key=True))]),'
        'migrations.AddField("harvest", "x", models.IntegerField(default=0)),'
        'migrations.AddConstraint("harvest", models.UniqueConstraint(fields=["x"], name="one_x")),'
    ),
    "words for people": 'migrations.AlterModelOptions("product", {"verbose_name": "barang"}),',
}
REFUSED = {
    "a column that old code does not fill": (
        'migrations.AddField("product", "x", models.IntegerField(default=0)),',
        "running code inserts rows without it: give it a db_default (Django drops a plain default at once)",
    ),
    "a unique column with one value for all": (
        'migrations.AddField("product", "x", models.IntegerField(db_default=0, unique=True)),',
        "every row there is would get the same value: let it be null, and fill it by due work",
    ),
    "a column that is computed for each row": (
        'migrations.AddField("product", "x", models.UUIDField(db_default=postgres_uuid())),',
        "it writes the whole table anew: add a plain column that may be null, and fill it by due work",
    ),
    "a column less": ('migrations.RemoveField("category", "name"),', migration_rules.LATER),
    "a table less": ('migrations.DeleteModel("Product"),', migration_rules.LATER),
    "another name of a column": ('migrations.RenameField("category", "name", "title"),', migration_rules.RENAMED),
    "another name of a model": ('migrations.RenameModel("Product", "Article"),', migration_rules.RENAMED),
    "another name of a table": ('migrations.AlterModelTable("product", "article"),', migration_rules.RENAMED),
    "shorter text": (
        'migrations.AlterField("category", "name", models.CharField(max_length=3)),',
        "it writes the table anew or refuses rows that are there: add a second column and let due work copy",
    ),
    "another type": (
        'migrations.AlterField("category", "name", models.IntegerField()),',
        "it writes the table anew or refuses rows that are there: add a second column and let due work copy",
    ),
    "no null any more": (
        SPAN + 'migrations.AlterField("product", "weeks", models.IntegerField()),',
        "running code may write null: write none first, and forbid it a release later (safe_because)",
    ),
    "no default any more": (
        'migrations.AddField("product", "x", models.IntegerField(db_default=0)),'
        'migrations.AlterField("product", "x", models.IntegerField()),',
        "running code leaves the value to the database: keep the db_default",
    ),
    "unique from now on": (
        SPAN + 'migrations.AlterField("product", "weeks", models.IntegerField(null=True, unique=True)),',
        migration_rules.UNIQUE,
    ),
    "a constraint that looks at every row": (
        'migrations.AddConstraint("product", models.CheckConstraint(condition=~models.Q(name=""), name="n")),',
        migration_rules.CHECKED,
    ),
    "one of a kind": (
        'migrations.AddConstraint("product", models.UniqueConstraint(fields=["name"], name="one_name")),',
        migration_rules.UNIQUE,
    ),
    "one of a kind, the old way": (
        'migrations.AlterUniqueTogether("product", {("name", "created_at")}),',
        migration_rules.UNIQUE,
    ),
    "code": ("migrations.RunPython(lambda apps, editor: None),", migration_rules.CODE),
    "statements": ("migrations.RunSQL('SELECT 1'),", migration_rules.UNSEEN),
    "statements inside of something else": (
        "migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL('SELECT 1')]),",
        migration_rules.UNSEEN,
    ),
    "a column that models forget and new code does not fill": (
        'migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("category", "name")]),',
        migration_rules.FORGOTTEN,
    ),
}
NEVER = {
    "statements about public": (
        "migrations.RunSQL('UPDATE public.tenants_domain SET x = 1'),",
        migration_rules.OUTSIDE,
    ),
    "another path": ("migrations.RunSQL(['SET search_path = public']),", migration_rules.OUTSIDE),
    "an index built meanwhile": (
        'postgres.AddIndexConcurrently("product", models.Index(fields=["name"], name="by_name")),',
        migration_rules.NOT_ATOMIC,
    ),
}
TAKES_AWAY = 'migrations.RunSQL("ALTER TABLE catalog_product DROP COLUMN motto"),'


@pytest.mark.parametrize("what", FINE)
def test_what_only_adds_may_run(what, tmp_path):
    assert refused(tmp_path, FINE[what]) == []


@pytest.mark.parametrize("what", REFUSED)
def test_what_running_code_would_stumble_over_is_refused(what, tmp_path):
    operations, instead = REFUSED[what]
    operations = operations.replace("postgres_uuid()", "models.Func(function='gen_random_uuid')")
    assert refused(tmp_path, operations) == [instead]


@pytest.mark.parametrize("what", REFUSED)
def test_its_author_may_say_why_it_is_safe(what, tmp_path):
    assert refused(tmp_path, REFUSED[what][0].replace("postgres_uuid()", "0"), says='safe_because = "a test"') == []


@pytest.mark.parametrize("what", NEVER)
def test_some_things_no_sentence_makes_right(what, tmp_path):
    operations, instead = NEVER[what]
    assert instead in refused(tmp_path, operations)
    assert refused(tmp_path, operations, says='safe_because = "a test"', name="again") == [instead]


def test_half_a_migration_is_refused(tmp_path):
    assert refused(tmp_path, says="atomic = False") == [migration_rules.NOT_ATOMIC]


def test_a_refusal_names_the_migration_and_the_operation(tmp_path):
    with releases.standing_on(releases.make(tmp_path, 'migrations.RemoveField("category", "name"),')):
        (refusal,) = migration_rules.refusals(LATER)
    assert str(refusal) == f"catalog.9001_later: Remove field name from category: {migration_rules.LATER}"


def test_what_takes_away_says_so_and_is_known_by_it(tmp_path):
    says = 'contract_because = "no code since 1.4 reads it"'
    with releases.standing_on(releases.make(tmp_path, TAKES_AWAY, says=says)):
        assert migration_rules.refusals(LATER) == []
        assert migration_rules.contracts(versions.wanted()) == LATER


def test_all_migrations_of_our_own_keep_to_the_rules():
    ours = [key for key in versions.in_order(of_cooperatives=False) if key[0] in migration_rules.BASELINE]
    assert len(ours) > 30
    assert [str(refusal) for refusal in migration_rules.refusals(ours)] == []


def test_every_app_of_a_cooperative_has_its_rules():
    assert sorted(set(migration_rules.BASELINE) - {"tenants"}) == sorted(versions.tenant_labels())


def refused(folder, operations: str = "", *, says: str = "", name: str = "release") -> list[str]:
    (folder / name).mkdir()
    with releases.standing_on(releases.make(folder / name, operations, says=says)):
        return [refusal.instead for refusal in migration_rules.refusals(LATER)]
