"""作业: what an administrator sees and may do, and that nobody else may."""

from datetime import timedelta

import pytest

from shiheng.jobs import leases, queue
from shiheng.jobs.models import Job
from shiheng.jobs.runner import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(sign_in):
    return sign_in("admin")


def page(client, url, status=200):
    answer = client.get(url)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


@pytest.fixture
def failed(clock):
    queue.handles("a.name", title="读取批次", max_attempts=1)(lambda job, batch: {}["没有这一列"])
    job = queue.enqueue("a.name", batch=12)
    work(until_idle=True)
    job.refresh_from_db()
    assert job.state == "failed"
    return job


def test_the_list_shows_each_job_with_its_state_in_words(admin, failed, clock):
    queue.enqueue("a.name", batch=13)
    queue.enqueue("a.name", at=clock.moment + timedelta(days=1), batch=14)
    queue.enqueue("nobody.handles", n=1)
    text = page(admin, "/jobs/")
    for words in ("读取批次", "失败", "等待", "定时等待", "等待（暂无程序处理）", "KeyError", "nobody.handles"):
        assert words in text
    assert "没有执行进程在运行" in text
    assert "有作业暂无程序处理" in text
    leases.enrol()
    assert "没有执行进程在运行" not in page(admin, "/jobs/")


def test_the_list_is_filtered_by_state_and_by_the_title_people_read(admin, failed):
    other = queue.enqueue("nobody.handles")
    assert f"/jobs/{failed.pk}/" in page(admin, "/jobs/?state=failed")
    assert f"/jobs/{other.pk}/" not in page(admin, "/jobs/?state=failed")
    assert f"/jobs/{other.pk}/" in page(admin, "/jobs/?state=unhandled")
    assert f"/jobs/{failed.pk}/" not in page(admin, "/jobs/?state=unhandled")
    found = page(admin, "/jobs/?text=批次")
    assert f"/jobs/{failed.pk}/" in found
    assert f"/jobs/{other.pk}/" not in found


def test_an_empty_list_says_what_would_appear(admin):
    assert "没有作业。" in page(admin, "/jobs/")


def test_a_failed_job_shows_why_and_is_retried_by_one_click_of_two(admin, failed):
    text = page(admin, f"/jobs/{failed.pk}/")
    assert "第 1 次执行出错：KeyError" in text
    assert "Traceback" in text
    assert "重试" in text
    click = {"ended": failed.finished_at.isoformat()}
    for told in ("已重新排队", "没有再次排队"):
        answer = admin.post(f"/jobs/{failed.pk}/retry/", click, follow=True)
        assert told in answer.content.decode()
        failed.refresh_from_db()
        assert (failed.state, failed.attempts) == ("ready", 0)


def test_a_retry_that_does_not_say_of_what_is_refused(admin, failed):
    assert admin.post(f"/jobs/{failed.pk}/retry/").status_code == 422
    assert Job.objects.get().state == "failed"


def test_a_running_job_shows_its_progress_and_follows_it(admin):
    queue.handles("a.name", title="读取批次")(lambda job: None)
    queue.enqueue("a.name")
    job = leases.claim("w", ["a.name"])
    leases.extend(job.pk, job.lease_token, reported=(250, 1000, "已核对"))
    text = page(admin, f"/jobs/{job.pk}/")
    assert "250 / 1,000（25%）" in text
    assert 'hx-trigger="every 2s"' in text
    assert "已核对 250 / 1,000" in page(admin, "/jobs/")
    leases.acknowledge(job.pk, job.lease_token, result={"读入": 1000})
    text = page(admin, f"/jobs/{job.pk}/")
    assert "hx-trigger" not in text.split('id="job"')[1][:200]
    assert "读入" in text


def test_what_a_job_carries_is_shown_as_text_not_as_markup(admin):
    job = queue.enqueue("a.name", name_of_subject="<script>alert(1)</script>")
    assert "<script>alert(1)" not in page(admin, f"/jobs/{job.pk}/")


@pytest.mark.parametrize("number", [99, 2**63, 10**30])
def test_a_job_that_is_not_there_is_missing(admin, number):
    assert "没有编号为" in page(admin, f"/jobs/{number}/", 404)


@pytest.mark.parametrize("person", ["owner", "clerk", "chief", "inspector_b", "city", "data"])
def test_only_an_administrator_may_look_or_retry(sign_in, person, failed):
    client = sign_in(person)
    page(client, "/jobs/", 403)
    page(client, f"/jobs/{failed.pk}/", 403)
    assert client.post(f"/jobs/{failed.pk}/retry/", {"ended": failed.finished_at.isoformat()}).status_code == 403
    assert Job.objects.get(pk=failed.pk).state == "failed"


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get("/jobs/").status_code == 302
    assert client.post("/jobs/1/retry/").status_code == 302


def test_the_list_asks_the_same_number_of_questions_for_one_job_and_fifty(admin, django_assert_max_num_queries):
    queue.enqueue("a.name")
    with django_assert_max_num_queries(30) as one:
        page(admin, "/jobs/")
    for _ in range(49):
        queue.enqueue("a.name")
    with django_assert_max_num_queries(len(one.captured_queries) + 1):
        page(admin, "/jobs/")
