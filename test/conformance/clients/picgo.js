// Uploads with npm's picgo and its web-uploader plugin:
// node picgo.js FOLDER '{"url": …, "paramName": …}' FILE… prints the addresses.
"use strict";
const path = require("node:path");

async function main([folder, settings, ...files]) {
  const { PicGo } = await import("picgo");
  const picgo = new PicGo(path.join(folder, "config.json"));
  picgo.use(require("picgo-plugin-web-uploader"), "web-uploader");
  picgo.setConfig({
    silent: true,
    picBed: {
      current: "web-uploader",
      uploader: "web-uploader",
      transformer: "path",
      "web-uploader": JSON.parse(settings),
    },
  });
  const problems = [];
  picgo.on("notification", (n) => problems.push(`${n.title} ${n.body}`));
  const output = await picgo.upload(files);
  if (output instanceof Error) throw output;
  if (problems.length > 0) throw new Error(problems.join("; "));
  process.stdout.write(JSON.stringify(output.map((file) => file.imgUrl)), () => process.exit(0));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
