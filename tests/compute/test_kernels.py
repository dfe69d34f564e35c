"""Kernels forked from a process that has imported what notebooks use, as Jupyter starts them."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from compute.conftest import Kernel, notebook, runs, server, sockets
from corridor.compute import servers
from corridor.compute.provisioner import Forked, ForkProvisioner

Start = Callable[..., Kernel]

MODULES = "import sys; print(*sorted({'pandas', 'altair', 'corridor.trade.flows'} & set(sys.modules)))"


@pytest.mark.usefixtures("served")
class TestOneServer:
    def test_is_forked_with_imports_done(self, kernel: Start) -> None:
        one, other = kernel(), kernel()
        assert one.parent() == other.parent() == server()
        assert one.say(MODULES) == "altair corridor.trade.flows pandas"

    def test_a_plain_kernel_has_imported_nothing(self, kernel: Start) -> None:
        plain = kernel("python3")
        assert plain.parent() == os.getpid()
        assert plain.say(MODULES) == ""

    def test_nothing_passes_to_the_next(self, kernel: Start, tmp_path: Path) -> None:
        spoil = f"""
            import builtins, os, sys, random, locale, time, threading, types
            import numpy, pandas, altair
            left = 1
            builtins.left = 1
            sys.modules["left"] = types.ModuleType("left")
            sys.path.insert(0, "/left")
            pandas.DataFrame.sum = lambda *_: "left"
            pandas.options.display.max_rows = 7
            altair.theme.enable("dark")
            os.environ["LEFT"] = "1"
            os.environ["TZ"] = "Asia/Almaty"; time.tzset()
            random.seed(1); numpy.random.seed(1)
            handle = open({str(tmp_path / "left")!r}, "w"); handle.write("not flushed")
            os.chdir("/")
            os.umask(0o077)
            sys.setrecursionlimit(500)
            from corridor import exhibits
            exhibits.table = None
        """
        look = """
            import builtins, os, sys, time
            import pandas, altair
            from corridor import exhibits
            print("left" in globals(), hasattr(builtins, "left"), "left" in sys.modules, "/left" in sys.path)
            print(pandas.DataFrame({"a": [1, 2]}).sum().__class__, pandas.options.display.max_rows)
            print(altair.theme.active, "LEFT" in os.environ, time.tzname, os.getcwd(), os.umask(0o022))
            print(sys.getrecursionlimit(), exhibits.table)
        """

        def strip(code: str) -> str:
            return "\n".join(line.strip() for line in code.splitlines())

        before = kernel().say(strip(look))
        first = kernel()
        first.say(strip(spoil))
        assert first.say(strip(look)) != before
        assert kernel().say(strip(look)) == before

    def test_chance_differs_from_kernel_to_kernel(self, kernel: Start) -> None:
        draw = "import random, numpy; print(random.random(), numpy.random.random())"
        drawn = [one for _ in range(3) for one in kernel().say(draw).split()]
        assert len(set(drawn)) == 6

    def test_chance_with_a_seed_is_the_same_as_in_a_plain_kernel(self, kernel: Start) -> None:
        draw = "import random, numpy; random.seed(3); numpy.random.seed(3); "
        draw += "print(random.random(), numpy.random.random())"
        assert kernel().say(draw) == kernel("python3").say(draw)

    def test_hash_seed(self, kernel: Start) -> None:
        assert kernel().say("print(hash('Samarkand'))") == kernel().say("print(hash('Samarkand'))")
        zero = {**os.environ, "PYTHONHASHSEED": "0"}
        known = subprocess.check_output(
            [sys.executable, "-c", "print(hash('Samarkand'))"], env=zero, text=True
        )
        assert kernel().say("print(hash('Samarkand'))") == known.strip()

    def test_environment_folder_and_time_zone_are_those_of_the_client(
        self, kernel: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TZ", "Asia/Tashkent")
        monkeypatch.setenv("OF_THE_CLIENT", "ü")
        monkeypatch.delenv("PYTEST_CURRENT_TEST")  # the server has it
        monkeypatch.chdir(tmp_path)
        (tmp_path / "beside.py").write_text("value = 5")
        said = kernel().say(
            "import os, time; print(os.environ['OF_THE_CLIENT'], time.localtime(0).tm_hour, os.getcwd())\n"
            "print('PYTEST_CURRENT_TEST' in os.environ)\n"
            "import beside; print(beside.value, beside.__file__)"
        )
        assert said == f"ü 6 {tmp_path}\nFalse\n5 {tmp_path}/beside.py"

    def test_arguments_path_and_main_are_those_of_a_plain_kernel(self, kernel: Start) -> None:
        look = (
            "import sys, os; print([os.path.basename(one) for one in sys.argv][:2], sys.path, __name__, "
            "sys.modules['__main__'].__dict__ is globals(), os.getpgrp() == os.getpid(), "
            "sys.flags, sys.stdout.encoding, sys.__stdin__.read())"
        )
        warm, plain = kernel().say(look), kernel("python3").say(look)
        assert warm.replace("hash_randomization=0", "") == plain.replace("hash_randomization=1", "")

    def test_holds_nothing_of_the_server(self, kernel: Start) -> None:
        kernel()
        ours = sockets(kernel().pid())
        assert ours
        assert not ours & sockets(server())

    def test_four_at_once(self, tmp_path: Path) -> None:
        code = "import time, pandas; time.sleep(0.5); print(pandas.Series(range({0})).sum())"
        clients = []
        for number in range(4):
            made = nbformat.read(
                notebook(tmp_path / f"{number}.ipynb", code.format(number + 2)), as_version=4
            )
            clients.append(NotebookClient(made, kernel_name="corridor", startup_timeout=300))

        async def all_of_them() -> None:
            await asyncio.gather(*(client.async_execute() for client in clients))

        asyncio.run(all_of_them())
        assert [client.nb.cells[0].outputs[0].text for client in clients] == ["1\n", "3\n", "6\n", "10\n"]

    def test_interrupt(self, kernel: Start) -> None:
        one = kernel()
        asked = one.client.execute("import time\nprint('here', flush=True)\ntime.sleep(600)")
        while one.client.get_iopub_msg(timeout=60)["content"].get("text") != "here\n":
            pass
        one.manager.interrupt_kernel()
        while (reply := one.client.get_shell_msg(timeout=60))["parent_header"].get("msg_id") != asked:
            pass
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert one.say("print(1)") == "1"

    def test_restart(self, kernel: Start) -> None:
        one = kernel()
        before = one.pid()
        one.say("kept = 1")
        one.manager.restart_kernel()
        one.client.wait_for_ready(timeout=60)
        one.say("kept", fails="NameError")
        assert one.parent() == server()
        assert one.pid() != before
        assert not runs(before)

    def test_a_polite_end(self, kernel: Start, tmp_path: Path) -> None:
        one = kernel()
        mark = tmp_path / "ended"
        one.say(f"import atexit, pathlib; atexit.register(pathlib.Path({str(mark)!r}).write_text, 'well')")
        process = one.pid()
        one.manager.shutdown_kernel()
        assert mark.read_text() == "well"
        assert not runs(process)

    def test_one_that_ends_by_itself(self, kernel: Start) -> None:
        one = kernel()
        one.client.execute("import os; os._exit(3)")
        assert _in_time(lambda: not one.manager.is_alive())
        assert isinstance(one.manager.provisioner, ForkProvisioner)
        process = one.manager.provisioner.process
        assert isinstance(process, Forked)
        assert process.returncode == 3

    def test_its_processes_end_with_it_when_it_is_killed(self, kernel: Start) -> None:
        one = kernel()
        child = int(one.say("import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"))
        one.manager.shutdown_kernel(now=True)
        assert _in_time(lambda: not runs(child))

    def test_a_killed_client_leaves_no_kernel(self, tmp_path: Path) -> None:
        client = _client(tmp_path)
        try:
            kernel, parent = _told(client)
            assert parent == server()
            client.kill()
            assert _in_time(lambda: not runs(kernel))
            assert runs(parent)
        finally:
            client.kill()
            client.communicate()

    def test_papermill_on_the_command_line(self, tmp_path: Path) -> None:
        file = notebook(tmp_path / "n.ipynb", "year = 2000", "import os; print(year, os.getppid())")
        target = tmp_path / "executed.ipynb"
        papermill = [sys.executable, "-m", "papermill", str(file), str(target)]
        subprocess.run([*papermill, "-k", "corridor", "-p", "year", "2024"], check=True, capture_output=True)
        [printed] = nbformat.read(target, as_version=4).cells[-1].outputs
        assert printed.text == f"2024 {server()}\n"


def _client(tmp_path: Path) -> subprocess.Popen[str]:
    """Start a process that starts a kernel, prints the kernel's number and its parent's, and waits."""
    code = (
        "from jupyter_client.manager import start_new_kernel\n"
        "manager, client = start_new_kernel(startup_timeout=300, kernel_name='corridor')\n"
        "said = lambda message: print(message['content'].get('text', ''), end='', flush=True)\n"
        "client.execute_interactive('import os; print(os.getpid(), os.getppid())', output_hook=said)\n"
        "input()\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )


def _told(client: subprocess.Popen[str]) -> tuple[int, int]:
    assert client.stdout is not None
    kernel, parent = client.stdout.readline().split()
    return int(kernel), int(parent)


def _in_time(happens: Callable[[], bool]) -> bool:
    for _ in range(600):
        if happens():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.usefixtures("own_servers")
class TestServers:
    def test_one_is_started_where_there_is_none_and_is_kept(self, kernel: Start) -> None:
        first = kernel().parent()
        assert first == server()
        assert kernel().parent() == first
        servers.stop()
        assert not runs(first)
        assert servers.KERNELS not in os.environ

    def test_after_it_was_killed_there_is_another(self, kernel: Start) -> None:
        one = kernel()
        lost, first = one.pid(), server()
        os.kill(first, signal.SIGKILL)
        assert _in_time(lambda: not one.manager.is_alive())
        assert _in_time(lambda: not runs(lost))
        assert servers._own is not None
        folder = servers._own.folder
        other = kernel()
        assert other.parent() == server() != first
        assert not folder.exists()

    def test_ends_with_its_owner_however_that_ends(self, tmp_path: Path) -> None:
        client = _client(tmp_path)
        kernel, parent = _told(client)
        arguments = Path(f"/proc/{parent}/cmdline").read_text().split("\0")
        folder = Path(arguments[-2])
        assert folder.is_dir()
        assert folder.stat().st_mode & 0o077 == 0
        client.kill()
        client.communicate()
        assert _in_time(lambda: not runs(parent))
        assert _in_time(lambda: not runs(kernel))
        assert _in_time(lambda: not folder.exists())

    def test_one_that_answers_before_the_request_is_through_is_replaced(
        self, kernel: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kernel()
        send = socket.send_fds

        def send_slowly(*request: Any) -> int:
            sent = send(*request)
            time.sleep(1)  # the server has answered meanwhile that it is stale, and left
            return sent

        monkeypatch.setattr(socket, "send_fds", send_slowly)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        assert kernel().parent() == server()

    def test_one_that_has_loaded_something_else_is_replaced(
        self, kernel: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        earlier = kernel()
        first = earlier.parent()
        (tmp_path / "on_the_path.py").write_text("value = 5")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        one = kernel()
        assert one.parent() == server() != first
        assert one.say("import on_the_path; print(on_the_path.value)") == "5"
        assert earlier.parent() == first
        earlier.end()
        assert _in_time(lambda: not runs(first))

    def test_a_block_keeps_both_where_one_runs_already(self, kernel: Start) -> None:
        first = kernel().parent()
        assert servers.CHARTS not in os.environ
        with servers.serving():
            assert Path(os.environ[servers.CHARTS]).is_socket()
            assert kernel().parent() == server() != first
        assert servers.CHARTS not in os.environ
        assert not runs(first)

    def test_inner_blocks_use_those_of_the_outer(self) -> None:
        with servers.serving():
            first = server()
            with servers.serving():
                assert server() == first
            assert runs(first)
        assert not runs(first)


@pytest.mark.usefixtures("own_servers")
class TestPlainKernels:
    """Where no kernel can be forked, a plain one runs, and a warning says why."""

    def test_without_a_socket(
        self, kernel: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        deep = tmp_path / ("x" * 100)
        deep.mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(deep))
        one = kernel()
        assert one.parent() == os.getpid()
        assert one.say("print(1)") == "1"
        assert caplog.messages == ["plain kernel: AF_UNIX path too long"]
        assert list(deep.glob("corridor-*")) == []

    def test_where_a_library_has_threads(
        self, kernel: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        code = "import threading, time; threading.Thread(target=time.sleep, args=[60], daemon=True).start()"
        (tmp_path / "sitecustomize.py").write_text(code)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        one = kernel()
        assert one.parent() == os.getpid()
        assert caplog.messages == ["plain kernel: a library that is loaded has started a thread"]

    def test_where_the_server_cannot_start(
        self, kernel: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        (tmp_path / "pymcdm.py").write_text("raise ImportError('damaged')")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        one = kernel()
        assert one.parent() == os.getpid()
        assert caplog.messages == ["plain kernel: the process to fork from has ended"]

    def test_where_the_kernelspec_starts_another_program(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        from jupyter_client.manager import start_new_kernel

        spec = {
            "argv": [sys.executable, "-u", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": "Other",
            "language": "python",
            "metadata": {"kernel_provisioner": {"provisioner_name": "corridor-fork"}},
        }
        folder = tmp_path / "kernels" / "other"
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps(spec))
        monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
        with caplog.at_level(logging.WARNING):
            manager, client = start_new_kernel(startup_timeout=300, kernel_name="other")
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        assert caplog.messages == ["plain kernel: the kernelspec starts another program"]
        assert servers._own is None
