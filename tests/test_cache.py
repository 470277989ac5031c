"""A cache forgets what nobody asked for again, never holds more than its limit, and stands many threads."""

from __future__ import annotations

import random
import threading

from catalogue.search.cache import Cache


def test_what_was_put_is_found_and_what_was_not_is_none() -> None:
    cache: Cache[str, int] = Cache(2)
    cache.put("a", 1)
    assert (cache.get("a"), cache.get("b")) == (1, None)
    cache.put("a", 2)
    assert cache.get("a") == 2


def test_the_oldest_leaves_first_but_what_was_asked_for_is_spared_once() -> None:
    cache: Cache[str, int] = Cache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.get("a")
    cache.put("c", 3)
    cache.put("d", 4)
    assert [cache.get(key) for key in "abcd"] == [None, None, 3, 4]


def test_values_take_what_they_cost() -> None:
    cache: Cache[str, bytes] = Cache(10, cost=len)
    cache.put("a", b"x" * 4)
    cache.put("b", b"x" * 4)
    cache.put("b", b"x" * 6)  # replaced, not added
    assert [cache.get(key) for key in "ab"] == [b"x" * 4, b"x" * 6]
    cache.put("c", b"x")
    assert [cache.get(key) for key in "abc"] == [None, b"x" * 6, b"x"]


def test_what_is_larger_than_the_limit_is_not_kept_and_nothing_stays_counted() -> None:
    cache: Cache[str, bytes] = Cache(10, cost=len)
    cache.put("a", b"x" * 5)
    cache.put("b", b"x" * 11)
    assert [cache.get(key) for key in "ab"] == [None, None]
    cache.put("c", b"x" * 10)
    assert cache.get("c") == b"x" * 10


def test_a_cache_without_room_keeps_nothing() -> None:
    cache: Cache[str, int] = Cache(0)
    cache.put("a", 1)
    assert cache.get("a") is None


def test_many_threads_never_see_another_s_value_and_the_limit_holds() -> None:
    cache: Cache[int, tuple[int, int]] = Cache(50, cost=lambda value: value[1])
    wrong: list[object] = []

    def work(seed: int) -> None:
        lots = random.Random(seed)
        for _ in range(3000):
            key = lots.randrange(40)
            found = cache.get(key)
            if found is not None and found[0] != key:
                wrong.append((key, found))
            cache.put(key, (key, lots.randrange(1, 9)))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [value for key in range(40) if (value := cache.get(key)) is not None]
    assert not wrong
    assert 0 < sum(cost for _, cost in kept) <= 50
    for key in (*range(40), *range(40)):  # whatever was counted is counted off again
        cache.put(key, (key, 1))
    assert sum(cache.get(key) is not None for key in range(40)) == 40
