import socket
import threading
import unittest

from . import server_frames as server
from .server_frames import accept_key, read_frame, server_frame
from psp_client.frames import Binary, Pong, Text, close_payload
from psp_client.websocket import HandshakeRefused, NotAWebSocket, WebSocket, WebSocketClosed


class Open(unittest.TestCase):
    """Behaviour of an open connection over a pair of sockets."""

    def setUp(self):
        self.server, client = socket.socketpair()
        self.server.settimeout(5)
        self.addCleanup(self.server.close)
        self.websocket = WebSocket(client)
        self.addCleanup(client.close)

    def test_nothing_in_time_is_no_error(self):
        self.assertIsNone(self.websocket.receive(0.01))
        self.server.sendall(server_frame(server.TEXT, b'late')[:3])
        self.assertIsNone(self.websocket.receive(0.01))
        self.server.sendall(server_frame(server.TEXT, b'late')[3:])
        self.assertEqual(self.websocket.receive(5), Text('late'))

    def test_sends_text_and_binary(self):
        self.websocket.send('süß')
        self.assertEqual(read_frame(self.server), (server.TEXT, 'süß'.encode()))
        self.websocket.send(b'\x00\x01')
        self.assertEqual(read_frame(self.server), (server.BINARY, b'\x00\x01'))

    def test_a_ping_is_answered_while_waiting(self):
        self.server.sendall(server_frame(server.PING, b'still there?') + server_frame(server.BINARY, b'x'))
        self.assertEqual(self.websocket.receive(5), Binary(b'x'))
        self.assertEqual(read_frame(self.server), (server.PONG, b'still there?'))

    def test_an_own_ping_brings_a_pong(self):
        self.websocket.ping(b'hi')
        self.assertEqual(read_frame(self.server), (server.PING, b'hi'))
        self.server.sendall(server_frame(server.PONG, b'hi'))
        self.assertEqual(self.websocket.receive(5), Pong(b'hi'))

    def test_the_servers_close_is_answered_and_told(self):
        self.server.sendall(server_frame(server.CLOSE, close_payload(4001, 'not paired')))
        with self.assertRaises(WebSocketClosed) as caught:
            self.websocket.receive(5)
        self.assertEqual((caught.exception.code, caught.exception.reason), (4001, 'not paired'))
        self.assertEqual(read_frame(self.server), (server.CLOSE, close_payload(4001, '')))
        with self.assertRaises(WebSocketClosed):
            self.websocket.send('too late')

    def test_a_connection_that_breaks_off(self):
        self.server.close()
        with self.assertRaises(WebSocketClosed) as caught:
            self.websocket.receive(5)
        self.assertEqual(caught.exception.code, 1006)

    def test_a_breach_is_told_to_the_server(self):
        self.server.sendall(server_frame(0xC1, b'x'))
        with self.assertRaises(WebSocketClosed):
            self.websocket.receive(5)
        first, payload = read_frame(self.server)
        self.assertEqual((first, payload[:2]), (server.CLOSE, (1002).to_bytes(2, 'big')))

    def test_closing_waits_for_the_servers_goodbye(self):
        def say_goodbye():
            first, payload = read_frame(self.server)
            self.assertEqual((first, payload), (server.CLOSE, close_payload(1000, 'done')))
            self.server.sendall(server_frame(server.CLOSE, payload))

        thread = threading.Thread(target=say_goodbye)
        thread.start()
        self.websocket.close(1000, 'done')
        self.websocket.close()
        thread.join(5)
        self.assertFalse(thread.is_alive())

    def test_a_server_that_reads_nothing_is_given_up(self):
        with self.assertRaises(WebSocketClosed):
            self.websocket.send(bytes(32 * 1024 * 1024), timeout=0.05)


class Handshake(unittest.TestCase):
    def connect(self, answer) -> WebSocket:
        """Connects to a server that reads the request and sends `answer(request)`."""
        listener = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(listener.close)

        def serve():
            sock, _ = listener.accept()
            self.addCleanup(sock.close)
            request = b''
            while b'\r\n\r\n' not in request:
                request += sock.recv(4096)
            try:
                sock.sendall(answer(request))
                sock.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # The client had read enough.

        threading.Thread(target=serve, daemon=True).start()
        return WebSocket.connect('127.0.0.1', listener.getsockname()[1], timeout=5)

    @staticmethod
    def good(request: bytes, extra: str = '', key: str = '') -> bytes:
        return (
            'HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n'
            f'Sec-WebSocket-Accept: {key or accept_key(request).decode()}\r\n{extra}\r\n'
        ).encode()

    def test_frames_right_behind_the_answer_are_kept(self):
        websocket = self.connect(lambda request: self.good(request) + server_frame(server.TEXT, b'hi'))
        self.assertEqual(websocket.receive(5), Text('hi'))
        websocket.close()

    def refused(self, answer, words: str):
        with self.assertRaises(NotAWebSocket) as caught:
            self.connect(answer)
        self.assertIn(words, str(caught.exception))

    def test_what_is_not_a_websocket_is_refused_in_words(self):
        self.refused(lambda _: b'HTTP/1.1 404 Not Found\r\n\r\n', '404 Not Found')
        self.refused(lambda _: b'SSH-2.0-OpenSSH\r\n\r\n', 'does not speak HTTP')
        self.refused(lambda _: b'HTTP/1.1 101 OK\r\nno colon here\r\n\r\n', 'not HTTP')
        self.refused(lambda _: b'HTTP/1.1 101 OK\r\n\r\n', 'not that of a WebSocket')
        self.refused(lambda _: b'HTTP/1.1 101 OK', 'hung up')
        self.refused(lambda _: b'x' * 40_000, 'no end')
        self.refused(lambda request: self.good(request, key='wrong'), 'not that of a WebSocket')
        self.refused(
            lambda request: self.good(request, 'Sec-WebSocket-Extensions: permessage-deflate\r\n'),
            'extension',
        )

    def test_a_refusal_brings_its_reason(self):
        head = b'HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\n\r\n'
        with self.assertRaises(HandshakeRefused) as caught:
            self.connect(lambda _: head + 'Too many. Close some.\n'.encode())
        self.assertEqual(caught.exception.reason, 'Too many. Close some.')

    def test_nobody_there(self):
        listener = socket.create_server(('127.0.0.1', 0))
        port = listener.getsockname()[1]
        listener.close()
        with self.assertRaises(OSError):
            WebSocket.connect('127.0.0.1', port, timeout=5)


if __name__ == '__main__':
    unittest.main()
