// An importing process that goes wrong in the way that the checkpoint's name says.
process.on('message', ({ order }) => {
  const { file, modelsFolder } = order;
  const { mkdirSync, writeFileSync } = require('node:fs');
  const draft = `${modelsFolder}/.import-${process.pid}-00`;
  mkdirSync(draft, { recursive: true });
  writeFileSync(`${draft}/encoder.onnx`, 'half');
  if (file === 'circles') for (;;);
  if (file === 'dies') process.kill(process.pid, 'SIGKILL');
  const hoard = [];
  if (file === 'hoards') for (;;) hoard.push(new Map([[{}, []]]));
});
