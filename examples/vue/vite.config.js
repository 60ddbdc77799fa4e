import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const ELEMENTS = ['recover-user-form', 'complete-recovery'];

export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => ELEMENTS.includes(tag) } } })],
});
