import json
import os
import socket
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from . import root  # noqa: F401
from psp_client import connect
from psp_client.cancel_on_exit import open_jobs
from psp_client.errors import PspError
from psp_client.host import Host


class Connecting(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name)
        self.installed = self.home / 'bridge.json'
        listener = socket.create_server(('127.0.0.1', 0))
        self.port = listener.getsockname()[1]
        listener.close()
        for patch in [
            mock.patch.object(connect, '_INSTALLED', self.installed),
            mock.patch.dict(os.environ, {'PSP_LAYERS_HOME': str(self.home), 'PATH': ''}),
        ]:
            patch.start()
            self.addCleanup(patch.stop)

    def install(self, *command: str):
        self.installed.write_text(json.dumps({'port': self.port, 'command': command, 'home': '/h'}))

    def failure(self) -> PspError:
        with self.assertRaises(PspError) as caught:
            connect.connect(Host('Editor', 'psp-layers editor install'), 'i' * 16, lambda: None)
        return caught.exception

    def test_without_a_command_it_says_what_to_type(self):
        self.install()
        error = self.failure()
        self.assertEqual(error.code, 'CONNECTION_LOST')
        self.assertIn(f'not running on port {self.port}', error.message)
        self.assertIn('psp-layers serve', error.message)
        self.assertIn('`psp-layers editor install` once, so that Editor can start it', error.message)

    def test_a_bridge_that_ends_at_once_is_quoted(self):
        # A "bridge" that is given `serve --port N` behind its own arguments.
        self.install(sys.executable, '-c', 'import sys; sys.exit("no room in " + " ".join(sys.argv[1:]))')
        self.assertIn(f'no room in serve --port {self.port}', self.failure().message)

    def test_something_else_on_the_port(self):
        self.install()
        listener = socket.create_server(('127.0.0.1', self.port))
        self.addCleanup(listener.close)
        with mock.patch.object(connect, '_CONNECT_SECONDS', 0.1):
            self.assertIn(f'uses port {self.port}', self.failure().message)

    def test_the_environment_comes_before_what_was_installed(self):
        self.install()
        self.assertEqual(connect.user_folder(), self.home)
        del os.environ['PSP_LAYERS_HOME']
        self.assertEqual(connect.user_folder(), Path('/h'))
        self.installed.unlink()
        with mock.patch.object(sys, 'platform', 'linux'), mock.patch.dict(os.environ, {'XDG_CONFIG_HOME': '/x'}):
            self.assertEqual(connect.user_folder(), Path('/x/psp-layers'))


class Guarding(unittest.TestCase):
    def test_jobs_that_were_begun_and_not_ended(self):
        self.assertEqual(open_jobs(['begin a\n', 'begin b\n', 'end a\n']), ['b'])
        self.assertEqual(open_jobs(['begin a\n', 'end a\n']), [])


if __name__ == '__main__':
    unittest.main()
