def test_worker(celery_worker):
    from config.celery import app

    assert app.control.ping(timeout=2)


def test_browser(live_server, page):
    page.goto(live_server.url + "/accounts/login/")
    assert page.title()


def test_mail(smtp_sink):
    from django.core.mail import send_mail

    send_mail("你好", "正文", "a@b.example", ["c@d.example"])
    assert smtp_sink.wait_for(1)[0].message["Subject"] == "你好"
