import { need } from './need.mjs';

export default () => need('postgres', 'temporal', 'bundle');
