"""How the fal of these tests behaves, as settings of BillingFal: its submits take their time, its history lags."""

from typing import Any

CALM: dict[str, Any] = {
    "loses_answer": 0.0,
    "loses_submit": 0.0,
    "gateway": 0.0,
    "status_fails": 0.0,
}
BAD: dict[str, Any] = {
    "loses_answer": 0.01,
    "loses_submit": 0.01,
    "gateway": 0.01,
    "status_fails": 0.02,
}
ALWAYS: dict[str, Any] = {
    "takes": (0.02, 0.3),
    "accepts_after": (0.0, 0.03),
    "answers_after": (0.0, 0.06),
    "large": 0.3,
    "history_lag": (0.0, 0.4),
    "history_page": 50,
    "history_repeats": 2,
    "history_fails": 0.05,
}
