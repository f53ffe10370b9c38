from . import test_promise_key
