import sys
from pathlib import Path

hosts = Path(__file__).resolve().parents[3] / 'plugin' / 'hosts'
sys.path[:0] = [str(hosts / 'gimp' / 'psp-layers'), str(hosts / 'python')]
