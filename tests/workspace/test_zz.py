from scenarios import product
from scenarios.flows_shapes import unrelated, r2_signed, merged
from support.play import founded, who
import pytest

def show(p, *extra):
    o = product.judge(p.repo, p.old, p.new, p.judged_at())
    print(p.x, o.status, sorted(o.codes("error")), sorted(o.codes("warning")), o.errors[:300])
    s = product.listed(p.repo, p.now); print("   list", s.status, s.errors[:200], [product.rendered(i) for i in s.items])
    for c in (["check","--as-of",p.now],["status"],["history","WI-001"],["verify"],["check","--staged"]):
        r = product.ask(p.repo, *c); 
        if r.status==2 or "Traceback" in r.errors: print("   ", c, r.status, r.errors[:200])

def gitlink(p, path):
    p.repo.git("rm","-rq","--ignore-unmatch",path); p.repo.git("update-index","--add","--cacheinfo",f"160000,{p.tip()},{path}")
    p.repo.commit("x\n", author=who("max")); p.push()
def symlink(p, path, to):
    p.repo.git("rm","-rq","--ignore-unmatch",path); (p.repo.path/path).symlink_to(to); p.commit("max"); p.push()
def remove(p, path):
    p.repo.git("rm","-rq",path); p.commit("max"); p.push()
CASES = {
 "doclink": lambda p: gitlink(p,"documents"), "siglink": lambda p: gitlink(p,"signatures"),
 "setlink": lambda p: symlink(p,"isodocs.yml","x.yml"), "setsub": lambda p: gitlink(p,"people.yml"),
 "setgone": lambda p: remove(p,"people.yml"), "docsym": lambda p: symlink(p,"documents","elsewhere"), "sigsym": lambda p: symlink(p,"signatures","elsewhere"),
 "bothgone": lambda p: remove(p,"isodocs.yml"),
}
@pytest.mark.parametrize("name", CASES)
def test_x(name, tmp_path):
    p = founded(tmp_path/"qms"); p.x=name
    CASES[name](p); show(p)
