"""Zips are looked at before they are unfolded."""

from __future__ import annotations

import io
import zipfile
import zlib

import numpy as np
import pytest

from bpviz.files.archive import MEGABYTE, DamageError, pack, pack_arrays, unpack, unpack_arrays

LIMITS = {"a": 1000, "b": 4 * MEGABYTE}


def packed(members: dict[str, bytes]) -> io.BytesIO:
    return io.BytesIO(pack(members))


def zipped(name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr(name, content)
    return file


def test_members_come_back() -> None:
    members = {"a": b"one" * 100, "b": bytes(range(256))}
    assert unpack(packed(members), LIMITS) == members


def test_the_same_content_gives_the_same_bytes() -> None:
    members = {"a": b"one" * 100, "b": b""}
    assert packed(members).getvalue() == packed(members).getvalue()


def test_what_packs_like_a_trap_is_stored_so_that_it_can_be_read_again() -> None:
    members = {"b": bytes(3 * MEGABYTE)}
    assert unpack(packed(members), LIMITS) == members


def test_a_zip_bomb_is_refused_before_it_unfolds() -> None:
    with pytest.raises(DamageError, match="packed more tightly"):
        unpack(zipped("b", bytes(3 * MEGABYTE)), LIMITS)
    with pytest.raises(DamageError, match="larger than"):
        unpack(zipped("a", bytes(1001)), LIMITS)
    with pytest.raises(DamageError, match="unfold to more than 1 MB"):
        unpack(zipped("a", bytes(2 * MEGABYTE)), MEGABYTE)


def test_foreign_and_oddly_packed_members_are_refused() -> None:
    with pytest.raises(DamageError, match="'evil' that does not belong"):
        unpack(zipped("evil", b""), LIMITS)
    with pytest.raises(DamageError, match="packed in a way"):
        unpack(zipped("a", b"text", zipfile.ZIP_BZIP2), LIMITS)


def test_a_name_that_comes_twice_is_refused() -> None:
    file = zipped("a", b"one")
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a", b"two")
    with pytest.raises(DamageError, match="twice"):
        unpack(file, LIMITS)


def test_a_member_that_lies_about_its_size_does_not_unfold_further() -> None:
    honest = zipped("a", b"x" * 900).getvalue()
    lying = honest.replace((900).to_bytes(4, "little"), (9).to_bytes(4, "little"))
    with pytest.raises((zipfile.BadZipFile, zlib.error)):
        unpack(io.BytesIO(lying), LIMITS)


def test_arrays_come_back_with_their_bits_and_their_kinds() -> None:
    arrays = {
        "numbers": np.array([[np.pi, np.nan], [-0.0, np.inf]]),
        "few": np.arange(3, dtype=np.float32),
        "empty": np.zeros((0, 4), dtype=np.int64),
        "truth": np.array([True, False]),
        "text": np.array("ω"),
        "turned": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    }
    found = unpack_arrays(pack_arrays(arrays), MEGABYTE)
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert found[name].tobytes() == np.asarray(array, order="C").tobytes()


def test_numpy_reads_what_was_packed() -> None:
    with np.load(io.BytesIO(pack_arrays({"a/b": np.arange(4.0)})), allow_pickle=False) as file:
        np.testing.assert_array_equal(file["a/b"], np.arange(4.0))


def test_an_array_whose_head_claims_more_than_there_is_is_refused() -> None:
    content = io.BytesIO()
    np.lib.format.write_array(content, np.zeros(3))
    claimed = content.getvalue().replace(b"'shape': (3,)", b"'shape': (9,)")
    with pytest.raises(DamageError, match="not what its head claims"):
        unpack_arrays(packed({"x.npy": claimed}).getvalue(), MEGABYTE)


def test_pickled_objects_are_refused() -> None:
    content = io.BytesIO()
    np.lib.format.write_array(content, np.array([{}], dtype=object))
    with pytest.raises(DamageError, match="not what its head claims"):
        unpack_arrays(packed({"x.npy": content.getvalue()}).getvalue(), MEGABYTE)
