-- Facts in the text. On the site the first use in a chapter is a place to come back to; in print each use leads
-- to the fact's entry in the appendix. Under Quarto it runs after the shortcodes that show the facts.
local met = {}

function Link(link)
  local key = link.attributes["data-key"]
  if key == nil or not link.classes:includes("fact") then
    return nil
  end
  if FORMAT == "typst" then
    local inlines = pandoc.Inlines({ pandoc.RawInline("typst", '#fact-use("' .. key .. '")[') })
    inlines:extend(link.content)
    inlines:insert(pandoc.RawInline("typst", "]"))
    return inlines
  end
  if not met[key] then
    met[key] = true
    link.identifier = "use-" .. key:gsub("%.", "-")
    return link
  end
end
