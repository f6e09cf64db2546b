"""The board's own secret: asked for as the firmware wants it, and what else it may answer."""

import os
import struct
from pathlib import Path

import pytest

from appliance import cli, device_secret, otp
from appliance.errors import OperatorError

KEY = bytes(range(1, 33))


def answer(rows: bytes = KEY, *, state: int = 0x80000000, told: int = 0x80000028) -> bytes:
    """What the firmware of a board answers, byte for byte."""
    words = struct.unpack(">8I", rows)
    return struct.pack("<16I", 64, state, 0x00030081, 40, told, 0, 8, *words, 0)


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """A twin of the mailbox."""
    path = tmp_path / "vcio"
    path.write_bytes(answer())
    return path


def test_the_rows_are_asked_for_as_the_firmware_wants_it() -> None:
    assert struct.unpack("<16I", otp.request()) == (64, 0, 0x30081, 40, 40, 0, 8, *[0] * 8, 0)


def test_the_secret_is_written_for_root_alone(board: Path, tmp_path: Path) -> None:
    out = tmp_path / "secret"
    assert cli.main(["device-secret", "--out", str(out), "--device", str(board)]) == 0
    assert out.read_bytes() == KEY
    assert out.stat().st_mode & 0o777 == 0o400
    assert device_secret.read(out) == KEY
    assert cli.main(["device-secret", "--out", str(out), "--device", str(board)]) == 0  # again


@pytest.mark.skipif(os.geteuid() != 0, reason="giving a file away takes root")
def test_the_secret_may_be_given_to_one_user(board: Path, tmp_path: Path) -> None:
    out = tmp_path / "secret"
    command = ["device-secret", "--out", str(out), "--device", str(board), "--owner"]
    assert cli.main([*command, "nobody"]) == 0
    assert (out.owner(), out.stat().st_mode & 0o777) == ("nobody", 0o400)


def test_a_user_that_is_not_there_is_one_sentence(
    board: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "secret"
    command = ["device-secret", "--out", str(out), "--device", str(board), "--owner"]
    assert cli.main([*command, "no-such-user"]) == 1
    assert "cannot be given to no-such-user" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (answer(bytes(32)), "no private key was ever burnt"),
        (answer(state=0x80000001), "not a Raspberry Pi 4 or 5"),
        (answer(told=0), "not a Raspberry Pi 4 or 5"),
        (answer()[:-4], "a wrong length"),
        (b"", "a wrong length"),
    ],
)
def test_a_board_without_a_secret_says_so_and_writes_nothing(
    board: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], reply: bytes, sentence: str
) -> None:
    board.write_bytes(reply)
    out = tmp_path / "secret"
    code = cli.main(["device-secret", "--out", str(out), "--device", str(board)])
    told = capsys.readouterr()
    assert code == otp.NO_SECRET
    assert sentence in told.err
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert not out.exists()


def test_another_machine_has_no_mailbox(tmp_path: Path) -> None:
    with pytest.raises(otp.NoSecret, match="this is not a Raspberry Pi"):
        otp.read(tmp_path / "vcio")


def test_a_device_that_is_no_mailbox_is_one_sentence() -> None:
    with pytest.raises(OperatorError, match=r"/dev/null cannot be asked \(.*\): run as root"):
        otp.read(Path("/dev/null"))
