from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0008_notice_mail"),
    ]

    operations = [
        migrations.AlterField(
            model_name="countynotice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("rectification", "整改通知单"),
                    ("interview", "约谈通知"),
                    ("commendation", "表扬"),
                    ("circular", "通报"),
                    ("reminder", "催报"),
                    ("supplement", "补充材料"),
                ],
                max_length=16,
            ),
        ),
    ]
