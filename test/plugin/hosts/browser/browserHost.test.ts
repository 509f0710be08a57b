import { describeHost } from '../../../contract/host';
import { createBrowserHarness } from '../../../support/browserHarness';

describeHost('The browser document', async () => createBrowserHarness());
