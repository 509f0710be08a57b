import { describeHost } from '../../../contract/host';
import { createPhotoshopHarness } from '../../../support/photoshop/harness';

describeHost('Photoshop', createPhotoshopHarness);
