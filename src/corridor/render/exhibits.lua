-- For Typst: source lines and notes in the template's small print. Both engines use this filter.
function Div(div)
  if FORMAT == "typst" and div.classes:includes("exhibit-note") then
    local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", "#exhibit-note[") })
    blocks:extend(div.content)
    blocks:insert(pandoc.RawBlock("typst", "]"))
    return blocks
  end
end
