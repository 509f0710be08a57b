"""Runs inside GIMP, as a batch: executes the pieces of Python that the test sends."""

import hashlib
import json
import re
import socket
import subprocess
import time
import traceback
from pathlib import Path

from gi.repository import Gegl, Gimp, Gio, GLib

HERE = Path(__file__).resolve().parent
pdb = Gimp.get_pdb()
FORMATS = {8: "R'G'B'A u8", 16: "R'G'B'A u16"}


def serve(port):
    """One JSON string of Python per line; answers with {answer} or {error}. Ends with the socket."""
    names = dict(globals())
    with socket.create_connection(('127.0.0.1', port)) as connection:
        lines = connection.makefile('r', encoding='utf-8')
        for line in lines:
            names['answer'] = None
            try:
                exec(json.loads(line), names)
                said = json.dumps({'answer': names['answer']})
            except Exception:
                said = json.dumps({'error': traceback.format_exc()})
            connection.sendall(said.encode() + b'\n')


def load(name):
    """A picture that the test put into the folder."""
    return Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(str(HERE / name)))


def new_image(width, height, base=Gimp.ImageBaseType.RGB, precision=Gimp.Precision.U8_NON_LINEAR):
    return Gimp.Image.new_with_precision(width, height, base, precision)


def add_layer(image, name, left, top, width, height, kind=Gimp.ImageType.RGBA_IMAGE):
    layer = Gimp.Layer.new(image, name, width, height, kind, 100, image.get_default_new_layer_mode())
    image.insert_layer(layer, None, 0)
    layer.set_offsets(left, top)
    return layer


def run_filter(name, image, drawables, **arguments):
    """Calls the plug-in as a script would: {ok, message, result}."""
    procedure = pdb.lookup_procedure(f'psp-layers-{name}')
    config = procedure.create_config()
    config.set_property('image', image)
    config.set_core_object_array('drawables', drawables)
    for key, value in arguments.items():
        config.set_property(key.replace('_', '-'), value)
    values = procedure.run(config)
    ok = values.index(0) == Gimp.PDBStatusType.SUCCESS
    return {
        'ok': ok,
        'message': '' if ok else pdb.get_last_error(),
        'result': values.index(1).get_id() if ok else None,
    }


def read(drawable, pixel_format):
    rect = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    return drawable.get_buffer().get(rect, 1.0, pixel_format, Gegl.AbyssPolicy.NONE)


def write(drawable, pixel_format, data):
    width, height = drawable.get_width(), drawable.get_height()
    buffer = drawable.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, width, height), pixel_format, data)
    buffer.flush()
    drawable.update(0, 0, width, height)


def save_bytes(name, data):
    (HERE / name).write_bytes(data)
    return str(HERE / name)


def describe(layer, depth=8):
    """What a test can see of a layer; pixels and mask lie in files."""
    _, left, top = layer.get_offsets()
    mask = layer.get_mask()
    ident = layer.get_id()
    return {
        'id': ident,
        'name': layer.get_name(),
        'left': left,
        'top': top,
        'width': layer.get_width(),
        'height': layer.get_height(),
        'opacity': layer.get_opacity(),
        'visible': layer.get_visible(),
        'pixels': save_bytes(f'{ident}.pixels', read(layer, FORMATS[depth])),
        'mask': save_bytes(f'{ident}.mask', read(mask, 'Y u8')) if mask else None,
        'children': [describe(child, depth) for child in layer.get_children()]
        if layer.is_group()
        else None,
    }


def layers_of(image, depth=8):
    """Top first, as GIMP lists them."""
    return [describe(layer, depth) for layer in image.get_layers()]


def type_keys(*keys):
    """Presses keys in the window that has the focus, by xdotool's names."""
    subprocess.run(['xdotool', 'key', '--delay', '50', *keys], check=True)


def focus(title):
    """Waits until a window whose title matches shows, gives it the focus and answers its number.
    A search that fails is tried again: windows that close under xdotool's eyes make it fail."""

    def search():
        found = subprocess.run(
            ['xdotool', 'search', '--onlyvisible', '--name', title, 'windowactivate', '--sync'],
            capture_output=True,
        )
        active = subprocess.run(['xdotool', 'getactivewindow'], capture_output=True, text=True)
        number = active.stdout.strip()
        name = subprocess.run(['xdotool', 'getwindowname', number], capture_output=True, text=True)
        return number if found.returncode == 0 and re.search(title, name.stdout.strip()) else None

    return until(search)


def fill_screen(number):
    subprocess.run(['xdotool', 'windowmove', number, '0', '0', 'windowsize', number, '1280', '780'], check=True)


def click(x, y):
    subprocess.run(['xdotool', 'mousemove', '--sync', str(x), str(y), 'click', '1'], check=True)


def double_click(x, y):
    subprocess.run(['xdotool', 'mousemove', '--sync', str(x), str(y), 'click', '--repeat', '2', '1'], check=True)


def until(condition, seconds=30):
    """Looks again and again; answers what came true, raises when nothing does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        true = condition()
        if true:
            return true
        time.sleep(0.05)
    raise TimeoutError('never came true')


def photograph_screen(name):
    """Waits until nothing moves any more, and saves the screen in 256 colours."""
    grab = ['import', '-window', 'root']

    def is_still():
        first, second = (subprocess.run([*grab, 'rgb:-'], check=True, capture_output=True) for _ in range(2))
        return first.stdout == second.stdout

    until(is_still)
    subprocess.run([*grab, '-colors', '256', f'png8:{HERE / name}'], check=True)


def seen_beside(number):
    """A piece of the preview's picture in the upper right of a dialog; None while its place is empty."""
    grab = ['import', '-window', number, '-gravity', 'NorthEast', '-crop', '40x40+50+50', '+repage', 'rgb:-']
    pixels = subprocess.run(grab, capture_output=True).stdout
    colours = {pixels[at : at + 6] for at in range(0, len(pixels), 6)}
    return pixels if len(colours) > 100 else None


def move_window(number, x, y):
    subprocess.run(['xdotool', 'windowmove', '--sync', number, str(x), str(y)], check=True)


def drag(x, y, to_x, to_y):
    steps = [['mousemove', '--sync', str(x), str(y)], ['mousedown', '1'], ['mousemove', '--sync', str(to_x), str(to_y)], ['mouseup', '1']]
    for step in steps:
        subprocess.run(['xdotool', *step], check=True)
