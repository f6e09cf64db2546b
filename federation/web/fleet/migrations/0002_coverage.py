"""What coordinators say of the network at planned places."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("fleet", "0001_initial"),)

    operations = (
        migrations.CreateModel(
            name="PlaceCoverage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("planned", models.CharField(max_length=64)),
                (
                    "coverage",
                    models.CharField(
                        choices=[("covered", "réseau"), ("white", "zone blanche")], max_length=8
                    ),
                ),
                ("changed", models.BigIntegerField()),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coverage",
                        to="fleet.territory",
                    ),
                ),
            ],
            options={
                "db_table": "place_coverage",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("territory", "planned"), name="one_word_a_place"
                    )
                ],
            },
        ),
    )
