import unittest

from . import root  # noqa: F401
from psp_client.proof import Greeting, proof_of


class Proof(unittest.TestCase):
    def test_it_is_what_the_bridge_makes(self):
        """As in test/protocol/proof.test.ts."""
        greeting = Greeting(9477, 'i' * 16, 'c', 's')
        self.assertEqual(
            proof_of('secret', 'client', greeting),
            'a5ae542c4cd28ffd5dd3796b353073ba9c0116d1eb7e1625f333488b579c60ef',
        )
        self.assertNotEqual(
            proof_of('secret', 'client', greeting), proof_of('secret', 'server', greeting)
        )


if __name__ == '__main__':
    unittest.main()
