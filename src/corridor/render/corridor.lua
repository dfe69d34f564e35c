-- What both engines do to the text: quantities stay on one line, and in print the notes under exhibits are small.
local FIXED = pandoc.Str("\u{a0}")
local SCALES = { billion = true, million = true, thousand = true, percent = true }
local PLACES = { ["sec."] = true, ["para."] = true, ["row"] = true, ["Strategy"] = true, ["Strengths"] = true,
  ["Weaknesses"] = true, ["Opportunities"] = true, ["Threats"] = true }

local function is_number(text)
  return text:match("^[%d.,]*%d[.,]?$") ~= nil
end

local function belongs(before, after)
  local scale = after:match("^%a+")
  return (before:match("USD$") and is_number(after))
    or (scale ~= nil and SCALES[scale] and is_number(before))
    or (PLACES[before] and after:match("^%d") ~= nil)
end

-- Each look at an element takes long, and handing back an unchanged list as long as all the rest.
function Inlines(inlines)
  local changed, before, gap = false, nil, false
  for i, inline in ipairs(inlines) do
    local kind = inline.t
    if kind == "Str" then
      local text = inline.text
      if gap and belongs(before, text) then
        inlines[i - 1] = FIXED:clone()
        changed = true
      end
      before, gap = text, false
    elseif before and not gap and (kind == "Space" or kind == "SoftBreak") then
      gap = true
    else
      before, gap = nil, false
    end
  end
  return changed and inlines or nil
end

-- Typst would read a paragraph or cell that begins "1. Name" as a list.
local function no_list(block)
  local first = block.content[1]
  if FORMAT == "typst" and first ~= nil and first.t == "Str" and first.text:match("^%d+%.$") then
    block.content[1] = pandoc.RawInline("typst", first.text:gsub("%.$", "\\.") .. "")
    -- In a narrow column the number would stand on a line of its own.
    if block.content[2] ~= nil and block.content[2].t == "Space" then
      block.content[2] = FIXED:clone()
    end
    return block
  end
end

Plain = no_list
Para = no_list

-- Pandoc leaves the borders of grids out of their widths; in print tables span the measure.
function Table(tbl)
  local sum = 0
  for _, spec in ipairs(tbl.colspecs) do
    sum = sum + (spec[2] or 0)
  end
  if FORMAT == "typst" and sum > 0.9 and sum < 1 then
    tbl.colspecs = tbl.colspecs:map(function(spec)
      return { spec[1], spec[2] and spec[2] / sum }
    end)
    return tbl
  end
end

-- Marks for the checks alone: a statement bound to facts, a number that is none.
local CHECKED = { claim = "if", unchecked = "reason" }

-- Pandoc's Typst writer tells the language of blocks only.
local function in_language(span)
  local language = span.attributes.lang
  if FORMAT == "typst" and language ~= nil then
    local code = language:match("^%a+")
    return { pandoc.RawInline("typst", '#text(lang: "' .. code .. '")['), span, pandoc.RawInline("typst", "]") }
  end
  return span
end

function Span(span)
  for class, attribute in pairs(CHECKED) do
    if span.classes:includes(class) then
      span.attributes[attribute] = nil
      span.classes = span.classes:filter(function(name)
        return name ~= class
      end)
      if span.identifier == "" and #span.classes == 0 and #span.attributes == 0 then
        return span.content
      end
      return in_language(span)
    end
  end
  return in_language(span)
end

-- What Quarto notes on an embedded cell: the notebook's place on the machine that built the page.
local NOTEBOOK = { "notebook", "notebook-title", "notebook-cellId" }

function Div(div)
  if div.classes:includes("quarto-embed-nb-cell") then
    for _, key in ipairs(NOTEBOOK) do
      div.attributes[key] = nil
    end
    return div
  end
  -- As Quarto does it, which has its own filter for it.
  if FORMAT == "typst" and quarto == nil and div.classes:includes("landscape") then
    local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", "#set page(flipped: true)") })
    blocks:extend(div.content)
    blocks:insert(pandoc.RawBlock("typst", "#set page(flipped: false)"))
    return blocks
  end
  if FORMAT == "typst" and div.classes:includes("exhibit-note") then
    local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", "#exhibit-note[") })
    blocks:extend(div.content)
    blocks:insert(pandoc.RawBlock("typst", "]"))
    return blocks
  end
end
