"""Functions declared with Django's own Tasks API, as any third-party app would declare them."""

from django_tasks import TaskContext, task


@task()
def add(a: int, b: int = 0) -> int:
    return a + b


@task(priority=7, queue_name="slow", takes_context=True)
def attempt_of(context: TaskContext) -> dict:
    return {"attempt": context.attempt, "id": context.task_result.id}


@task(max_attempts=1)
def breaks() -> None:
    raise LookupError("没有")


@task()
async def later(text: str) -> str:
    return text * 2
