import unittest

from . import hosts  # noqa: F401
from psp_client.declarations import load_operations
from psp_layers.arguments import (
    Choice,
    Double,
    Seed,
    Switch,
    Switches,
    Text,
    Whole,
    argument_name,
    arguments_of,
    wire_parameters,
)


def defaults(operation) -> dict:
    values = {}
    for argument in arguments_of(operation):
        for one in argument.members if isinstance(argument, Switches) else [argument]:
            values[one.name] = one.default
    return values


class Arguments(unittest.TestCase):
    operations = {operation.id: operation for operation in load_operations()}

    def test_names_in_gimps_spelling(self):
        for name, spelled in [('matchColour', 'match-colour'), ('seed', 'seed'), ('in-place', 'in-place')]:
            self.assertEqual(argument_name(name), spelled)

    def test_every_kind_of_parameter_becomes_an_argument(self):
        kinds = {a.name: type(a) for a in arguments_of(self.operations['resample-style'])}
        self.assertEqual(
            kinds,
            {
                'faces': Choice, 'face-number': Whole, 'variants': Whole, 'seed': Seed,
                'alpha': Double, 'truncation': Double, 'styles': Switches, 'likeness': Choice, 'area': Choice,
                'feather': Double, 'selection': Choice, 'keep': Double, 'match-colour': Double,
                'match-grain': Switch, 'model': Text, 'note': Switch,
            },
        )

    def test_only_operations_on_faces_ask_which(self):
        for id, operation in self.operations.items():
            asks = any(argument.name == 'faces' for argument in arguments_of(operation))
            self.assertEqual(asks, id not in ('sketch-to-face', 'labels-to-face'), id)

    def test_untouched_arguments_are_the_declared_defaults(self):
        for operation in self.operations.values():
            declared = {p['name']: p['default'] for p in operation.parameters}
            self.assertEqual(wire_parameters(operation, defaults(operation)), declared)

    def test_a_set_is_sent_in_declared_order(self):
        operation = self.operations['resample-style']
        values = {**defaults(operation), 'styles-coarse': True, 'styles-middle': False}
        values['styles-fine'] = True
        self.assertEqual(wire_parameters(operation, values)['styles'], ['coarse', 'fine'])


if __name__ == '__main__':
    unittest.main()
