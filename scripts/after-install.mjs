// Run by npm after every installation in this clone (`postinstall`).
import { rememberInstallation } from './install.mjs';

rememberInstallation();
