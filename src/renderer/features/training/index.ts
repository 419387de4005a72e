export { TrainingMenu } from './training-menu.tsx';
