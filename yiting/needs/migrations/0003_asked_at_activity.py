"""Where a request was asked: at an activity."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_initial"), ("needs", "0002_words")]
    operations = [
        migrations.AddField(
            model_name="servicerequest",
            name="activity",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="activities.activity",
            ),
        ),
    ]
