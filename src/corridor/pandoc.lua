-- Converts many texts in one process, each on its own: a job as a JSON object in, a JSON list of texts out.
local job = pandoc.json.decode(io.read("a"), false)
FORMAT = job.target -- filters ask for it
local done = pandoc.List()
for _, text in ipairs(job.texts) do
  -- Columns count in the widths of tables; 72 is what the command line takes.
  local document = pandoc.read(text, job.source, { columns = 72 })
  for _, filter in ipairs(job.filters) do
    document = pandoc.utils.run_lua_filter(document, filter)
  end
  done:insert(pandoc.write(document, job.target, job.options))
end
io.write(pandoc.json.encode(done))
