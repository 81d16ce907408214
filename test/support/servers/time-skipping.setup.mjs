import { need } from './need.mjs';

export default () => need('time-skipping', 'bundle');
