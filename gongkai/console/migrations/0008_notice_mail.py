from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0007_notice_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="countynotice",
            name="mailed",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="countynotice",
            name="mail_trouble",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
    ]
